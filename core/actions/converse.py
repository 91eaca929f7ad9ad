"""Conversations and who is in them: put, join, change, leave, end."""

from typing import Any

from core.actions import describe
from core.actions.announce import CONVERSATION_DELETED, announce
from core.errors import NotFound
from core.ids import new_reference
from core.model.conversation import Conversation
from core.model.participant import Access, Notify, Participant
from core.moment import Moment
from core.rules.patching import merged
from core.store import conversations, participants, users, webhooks
from core.store.database import Session


def put(
    session: Session, app_id: str, conversation_id: str, changes: dict[str, Any], now: Moment
) -> Conversation:
    """Make a conversation or change the given fields of one.

    ``custom`` is a patch. ``participants`` are only ever added: who is there stays as they are.
    Raise NotFound if a user among them does not exist.
    """
    conversation = conversations.find(session, app_id, conversation_id)
    if conversation is None:
        # Its id may have been used before: listeners know events by their number.
        last = webhooks.last_number(session, app_id, conversation_id)
        conversation = Conversation(app_id=app_id, id=conversation_id, seq=last, created_at=now)
    for name, value in changes.items():
        if name == "custom":
            conversation.custom = merged(conversation.custom, value)
        elif name != "participants":
            setattr(conversation, name, value)
    session.add(conversation)
    session.flush()
    for user_id in changes.get("participants") or ():
        whose = (app_id, conversation_id, user_id)
        there = participants.find(session, *whose)
        if there is None or there.left_at is not None:
            join(session, whose, Access.READ_WRITE, Notify.ALL, now)
    return conversation


def join(
    session: Session, whose: tuple[str, str, str], access: Access, notify: Notify, now: Moment
) -> Participant:
    """Put a user into a conversation with these settings, whether or not they were in it.

    Who comes back starts a new address epoch: what was sent before they left stays dead.
    """
    app_id, conversation_id, user_id = whose
    participant = participants.find(session, *whose)
    if participant is None:
        _both_exist(session, whose)
        participant = Participant(
            app_id=app_id,
            conversation_id=conversation_id,
            user_id=user_id,
            joined_at=now,
            reference=new_reference(),
        )
    elif participant.left_at is not None:
        participant.left_at, participant.joined_at = None, now
    participant.access, participant.notify = access, notify
    session.add(participant)
    session.flush()
    return participant


def change(
    session: Session, whose: tuple[str, str, str], access: Access | None, notify: Notify | None
) -> Participant:
    """Change the given settings of a participant, or raise NotFound."""
    one = participant(session, whose)
    one.access, one.notify = access or one.access, notify or one.notify
    session.add(one)
    return one


def leave(session: Session, whose: tuple[str, str, str], now: Moment) -> None:
    """Take a user out of a conversation; nothing if they are not in it.

    What they were owed is looked at when it is due, and dropped with its reason written down.
    """
    participant = participants.find(session, *whose)
    if participant is None or participant.left_at is not None:
        return
    participant.left_at = now
    participant.address_epoch += 1
    session.add(participant)


def revoke_address(session: Session, whose: tuple[str, str, str]) -> None:
    """Make every address this participant was ever given lead nowhere."""
    one = participant(session, whose)
    one.address_epoch += 1
    session.add(one)


def end(session: Session, app_id: str, conversation_id: str, now: Moment) -> None:
    """Delete a conversation with everything in it, or raise NotFound."""
    one = existing(session, app_id, conversation_id)
    told = {"conversation": describe.conversation(session, one)}
    announce(session, (app_id, conversation_id), (CONVERSATION_DELETED, told), now)
    session.delete(one)


def existing(session: Session, app_id: str, conversation_id: str) -> Conversation:
    """Return a conversation, or raise NotFound."""
    found = conversations.find(session, app_id, conversation_id)
    if found is None:
        raise NotFound(
            f"There is no conversation {conversation_id!r}.", code="CONVERSATION_NOT_FOUND"
        )
    return found


def participant(session: Session, whose: tuple[str, str, str]) -> Participant:
    """Return a participant who is here, or raise NotFound."""
    participant = participants.find(session, *whose)
    if participant is None or participant.left_at is not None:
        raise NotFound(
            f"{whose[2]!r} is not a participant of {whose[1]!r}.", code="PARTICIPANT_NOT_FOUND"
        )
    return participant


def _both_exist(session: Session, whose: tuple[str, str, str]) -> None:
    app_id, conversation_id, user_id = whose
    existing(session, app_id, conversation_id)
    if users.find(session, app_id, user_id) is None:
        raise NotFound(f"There is no user {user_id!r}.", code="USER_NOT_FOUND")
