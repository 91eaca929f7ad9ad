"""What an event says: rows gathered into the shapes of talkjs-spec, 3.4."""

from collections.abc import Sequence
from typing import Any

from core.model.burst import Burst
from core.model.conversation import Conversation
from core.model.message import Message
from core.model.participant import Participant
from core.model.shapes import conversation_shape, message_shape, participant_shape, user_shape
from core.moment import Moment
from core.store import conversations, messages, participants, read_markers, users
from core.store import reactions as reactions_of
from core.store.database import Session
from core.store.reactions import Reacted
from core.store.read_markers import CROWD

Json = dict[str, Any]


def conversation(session: Session, found: Conversation) -> Json:
    """Return a conversation with its listed participants; of a crowd with the first of them.

    This is told of every event, within its transaction: ``participantsLeftOut`` says that there
    are more than CROWD, and the API has them all.
    """
    listed = participants.first_listed(session, found.app_id, found.id, CROWD + 1)
    shape = conversation_shape(found, people(listed[:CROWD]))
    return shape | {"participantsLeftOut": True} if len(listed) > CROWD else shape


def people(listed: Sequence[Participant]) -> dict[str, Json]:
    """Return participants by user id, as conversations show them."""
    return {one.user_id: participant_shape(one.access, one.notify) for one in listed}


def said(session: Session, message: Message, reactions: Reacted | None = None) -> Json:
    """Return the data of a message event: the message, its sender, its conversation.

    Nobody has reacted yet to what is said just now, so the reactions are not asked for here.
    """
    app_id = message.app_id
    sender = users.find(session, app_id, message.sender_id) if message.sender_id else None
    where = conversations.find(session, app_id, message.conversation_id)
    files = messages.files(session, app_id, [message.id]).get(message.id, ())
    return {
        "message": message_shape(message, files, reactions=reactions),
        "sender": user_shape(sender) if sender else None,
        "conversation": conversation(session, where) if where else None,
    }


def several(
    session: Session, app_id: str, found: Sequence[Message], base_url: str = ""
) -> list[Json]:
    """Return messages of any conversations with their files, reactions and readers."""
    ids = [one.id for one in found]
    files = messages.files(session, app_id, ids)
    reacted = reactions_of.of_messages(session, app_id, ids)
    readers = read_markers.readers(session, app_id, {one.conversation_id for one in found})
    return [
        message_shape(
            one,
            files.get(one.id, ()),
            [
                user_id
                for user_id, seq in readers[one.conversation_id]
                if seq >= one.seq and user_id != one.sender_id
            ],
            base_url,
            reacted.get(one.id),
        )
        for one in found
    ]


def overviews(
    session: Session, app_id: str, found: Sequence[Conversation], base_url: str
) -> list[Json]:
    """Return conversations with their participants, last messages and what everyone has read."""
    ids = [one.id for one in found]
    listed = participants.listed(session, app_id, ids)
    newest = list(messages.newest(session, app_id, ids).values())
    shapes = several(session, app_id, newest, base_url)
    last = {shape["conversationId"]: shape for shape in shapes}
    return [
        conversation_shape(one, people(listed[one.id]))
        | {"lastMessage": last.get(one.id), "everyoneReadUntil": _read_by_all(listed[one.id])}
        for one in found
    ]


def inbox(
    session: Session, whose: tuple[str, str], found: Sequence[Conversation], base_url: str
) -> list[Json]:
    """Return conversations of (app, user) as ``overviews`` does, with what they have not read."""
    app_id, user_id = whose
    shapes = []
    for shape in overviews(session, app_id, found, base_url):
        unread = read_markers.unread(session, app_id, shape["id"], user_id)
        shapes.append(shape | {"unreadMessageCount": unread, "isUnread": unread > 0})
    return shapes


def _read_by_all(listed: Sequence[Participant]) -> Moment | None:
    """Return until when everybody has read, None if somebody never has."""
    return min((one.read_until or 0 for one in listed), default=0) or None


def notified(session: Session, burst: Burst, notification_id: str) -> Json:
    """Return the data of a notification event: who is told of what.

    Of a long burst only the first messages are in it; ``moreMessages`` counts the others.
    """
    last = burst.messages[-1]
    ids = [message.id for message in burst.messages]
    reacted = reactions_of.of_messages(session, burst.app.app_id, ids)
    sender = burst.senders.get(last.sender_id or "")
    return {
        "notificationId": notification_id,
        "recipient": user_shape(burst.user),
        "sender": user_shape(sender) if sender else None,
        "conversation": conversation(session, burst.conversation),
        "messages": [
            message_shape(
                message,
                burst.attachments.get(message.id, ()),
                reactions=reacted.get(message.id),
            )
            for message in burst.messages
        ],
        "moreMessages": burst.count - len(burst.messages),
    }
