"""Conversations and who is in them: put, join, change, leave, end.

Each locks the conversation before it looks at anything: what it then decides is decided of what
is so until it is done, and two of them at once are one after the other.
"""

from typing import Any

from core.actions import describe
from core.actions.announce import What, announce, log, numbered
from core.actions.revoke import revoke
from core.errors import NotFound
from core.ids import new_reference
from core.model.change import ChangeKind
from core.model.conversation import Conversation
from core.model.participant import Access, Notify, Participant
from core.model.past_settings import PastSettings, Stay
from core.moment import Moment
from core.rules.bounds import PARTICIPANTS, require
from core.rules.patching import merged
from core.store import changes, conversations, participants, settings_history, users
from core.store.database import Session
from core.store.engine import touched
from core.store.engine.touched import Touched
from core.store.rows import fresh


def put(
    session: Session, app_id: str, conversation_id: str, patch: dict[str, Any], now: Moment
) -> Conversation:
    """Make a conversation or change the given fields of one; what is as it was is no change.

    ``custom`` is a patch. ``participants`` are only ever added: who is there stays as they are.
    Raise NotFound if a user among them does not exist, InvalidRequest if it becomes too much.
    """
    given = {name: value for name, value in patch.items() if name != "participants"}
    said = conversations.lock_at(session, app_id, conversation_id)
    conversation = conversations.find(session, app_id, conversation_id)
    if conversation is None:
        conversation = _made(session, app_id, conversation_id, given, now)
    else:
        _change(session, conversation, given, now)
    named = dict.fromkeys(patch.get("participants") or ())
    there = {name: participants.find(session, app_id, conversation_id, name) for name in named}
    _require_room(session, (app_id, conversation_id), sum(not one for one in there.values()))
    for user_id, one in there.items():
        if one is None or one.left_at is not None:
            whose = (app_id, conversation_id, user_id)
            _join(session, whose, one, (Access.READ_WRITE, Notify.ALL), said, now)
    return conversation


def _require_room(session: Session, where: tuple[str, str], joining: int) -> None:
    """Raise InvalidRequest if so many more would be too many; counted once for all of them."""
    if joining:
        require(PARTICIPANTS, participants.count(session, *where) + joining)


def _made(
    session: Session, app_id: str, conversation_id: str, given: dict[str, Any], now: Moment
) -> Conversation:
    """Make a conversation, whose first change is that."""
    # Its id may have been used before: who watches or listens knows what happened by its number,
    # and mails that were sent know messages by theirs.
    last = changes.last_number(session, app_id, conversation_id)
    conversation = Conversation(
        app_id=app_id, id=conversation_id, seq=last, change=last + 1, created_at=now
    )
    _set(conversation, given)
    session.add(conversation)
    session.flush()
    where = (app_id, conversation_id)
    log(session, numbered(where, What(ChangeKind.CONVERSATION_MADE), last + 1, now), None)
    touched.note(session, Touched(*where, last + 1))
    return conversation


def _change(
    session: Session, conversation: Conversation, given: dict[str, Any], now: Moment
) -> None:
    """Set what is not so already, if anything."""
    wanted = _patched(conversation, given)
    if any(getattr(conversation, name) != value for name, value in wanted.items()):
        where = (conversation.app_id, conversation.id)
        announce(session, where, What(ChangeKind.CONVERSATION_CHANGED), now)
        _set(conversation, given)
        session.add(conversation)
        session.flush()


def _set(conversation: Conversation, given: dict[str, Any]) -> None:
    for name, value in _patched(conversation, given).items():
        setattr(conversation, name, value)


def _patched(conversation: Conversation, given: dict[str, Any]) -> dict[str, Any]:
    """Return the fields as they are to be: ``custom`` is a patch."""
    if "custom" not in given:
        return given
    return {**given, "custom": merged(conversation.custom, given["custom"])}


def join(
    session: Session, whose: tuple[str, str, str], access: Access, notify: Notify, now: Moment
) -> Participant:
    """Put a user into a conversation with these settings, whether or not they were in it.

    Who comes back starts a new address epoch: what was sent before they left stays dead.
    """
    said = conversations.lock_at(session, *whose[:2])
    there = participants.find(session, *whose)
    if there is not None and there.left_at is None:
        return _set_up(session, there, (access, notify), said, now)
    _require_room(session, whose[:2], there is None)
    return _join(session, whose, there, (access, notify), said, now)


def _join(
    session: Session,
    whose: tuple[str, str, str],
    before: Participant | None,
    settings: tuple[Access, Notify],
    said: int | None,
    now: Moment,
) -> Participant:
    """Put in who is not in it; ``before``: their row, if they have left.

    ``said``: the number of the last message, here and below.
    """
    if before is None:
        _both_exist(session, whose)
    _announce(session, whose, ChangeKind.PARTICIPANT_JOINED, now)
    app_id, conversation_id, user_id = whose
    participant = before or Participant(
        app_id=app_id,
        conversation_id=conversation_id,
        user_id=user_id,
        joined_at=now,
        reference=new_reference(),
    )
    past = _past(participant, Stay.NOT_YET if before is None else Stay.LEFT, now)
    if participant.left_at is not None:
        participant.left_at, participant.joined_at = None, now
    participant.access, participant.notify = settings
    session.add(participant)
    session.flush()
    _keep(session, past, said)
    return participant


def change(
    session: Session,
    whose: tuple[str, str, str],
    access: Access | None,
    notify: Notify | None,
    now: Moment,
) -> Participant:
    """Change the given settings of a participant, or raise NotFound."""
    said = conversations.lock_at(session, *whose[:2])
    one = participant(session, whose)
    return _set_up(session, one, (access or one.access, notify or one.notify), said, now)


def _set_up(
    session: Session,
    one: Participant,
    then: tuple[Access, Notify],
    said: int | None,
    now: Moment,
) -> Participant:
    """Give a participant these settings, if they have not got them already."""
    if then != (one.access, one.notify):
        whose = (one.app_id, one.conversation_id, one.user_id)
        _announce(session, whose, ChangeKind.PARTICIPANT_CHANGED, now)
        past = _past(one, Stay.HERE, now)
        one.access, one.notify = then
        session.add(one)
        session.flush()
        _keep(session, past, said)
    return one


def mute(session: Session, whose: tuple[str, str, str], until: Moment | None, now: Moment) -> None:
    """Let a participant hear of nothing until a moment (None: no more), or raise NotFound.

    What is owed them is looked at when it is due, also if that is before the mute began.
    """
    conversations.lock(session, *whose[:2])
    one = participant(session, whose)
    if one.muted_until != until:
        _announce(session, whose, ChangeKind.PARTICIPANT_CHANGED, now)
        one.muted_until = until
        session.add(one)


def leave(session: Session, whose: tuple[str, str, str], now: Moment) -> None:
    """Take a user out of a conversation; nothing if they are not in it.

    What they were owed is looked at when it is due, and dropped with its reason written down.
    """
    said = conversations.lock_at(session, *whose[:2])
    participant = participants.find(session, *whose)
    if participant is None or participant.left_at is not None:
        return
    _announce(session, whose, ChangeKind.PARTICIPANT_LEFT, now)
    past = _past(participant, Stay.HERE, now)
    participant.left_at = now
    revoke(participant)
    session.add(participant)
    _keep(session, past, said)


def revoke_address(session: Session, whose: tuple[str, str, str]) -> None:
    """Make every address this participant was ever given lead nowhere."""
    one = participant(session, whose)
    revoke(one)
    session.add(one)


def end(session: Session, app_id: str, conversation_id: str, now: Moment) -> None:
    """Delete a conversation with everything in it, or raise NotFound."""
    conversations.lock(session, app_id, conversation_id)
    one = existing(session, app_id, conversation_id)
    where = (app_id, conversation_id)

    def tell() -> dict[str, Any]:
        return {"conversation": describe.conversation(session, one)}

    announce(session, where, What(ChangeKind.CONVERSATION_DELETED), now, tell)
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


def _past(one: Participant, stay: Stay, now: Moment) -> PastSettings:
    """Return how a participant stands, which ends now."""
    return fresh(
        PastSettings,
        app_id=one.app_id,
        conversation_id=one.conversation_id,
        user_id=one.user_id,
        until_seq=0,
        stay=stay,
        access=one.access,
        notify=one.notify,
        ended_at=now,
    )


def _keep(session: Session, past: PastSettings, said: int | None) -> None:
    """Keep how somebody stood for all that was said until now, if anything was."""
    if said:
        past.until_seq = said
        settings_history.keep(session, past)


def _announce(session: Session, whose: tuple[str, str, str], kind: ChangeKind, now: Moment) -> None:
    """Tell of a participant."""
    announce(session, whose[:2], What(kind, user_id=whose[2]), now)


def _both_exist(session: Session, whose: tuple[str, str, str]) -> None:
    app_id, conversation_id, user_id = whose
    existing(session, app_id, conversation_id)
    if users.find(session, app_id, user_id) is None:
        raise NotFound(f"There is no user {user_id!r}.", code="USER_NOT_FOUND")
