"""How users, conversations and messages look outside: TalkJS's JSON (talkjs-spec, 1 and 3.4)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.model.attachment import Attachment
from core.model.conversation import Conversation
from core.model.message import Message
from core.model.participant import Access, Notify
from core.model.user import User

Json = dict[str, Any]


def user_shape(user: User) -> Json:
    """Return a user as the API shows it."""
    return {
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "phone": user.phone,
        "photoUrl": user.photo_url,
        "locale": user.locale,
        "timeZone": user.time_zone,
        "role": user.role,
        "welcomeMessage": user.welcome_message,
        "availabilityText": user.availability_text,
        "custom": user.custom,
        "pushTokens": user.push_tokens,
        "createdAt": user.created_at,
    }


def notify_shape(notify: Notify) -> bool | str:
    """Return a notify setting as the API spells it: true, false or a word."""
    match notify:
        case Notify.ALL:
            return True
        case Notify.NOTHING:
            return False
        case Notify.MENTIONS_ONLY:
            return "MentionsOnly"


def participant_shape(access: Access, notify: Notify) -> Json:
    """Return a participant's settings as the API shows them."""
    return {"access": access.value, "notify": notify_shape(notify)}


def conversation_shape(conversation: Conversation, participants: Mapping[str, Json]) -> Json:
    """Return a conversation as the API shows it, with its participants by user id."""
    return {
        "id": conversation.id,
        "subject": conversation.subject,
        "topicId": conversation.id,
        "photoUrl": conversation.photo_url,
        "welcomeMessages": conversation.welcome_messages,
        "custom": conversation.custom,
        "participants": dict(participants),
        "createdAt": conversation.created_at,
    }


def file_path(attachment: Attachment) -> str:
    """Return where the API serves a file, below the public URL."""
    return f"/v1/{attachment.app_id}/files/{attachment.id}"


def file_shape(attachment: Attachment, base_url: str = "") -> Json:
    """Return a file block of a message's content."""
    block = {
        "type": "file",
        "fileToken": attachment.id,
        "url": base_url + file_path(attachment),
        "size": attachment.size,
        "filename": attachment.filename,
    }
    major = attachment.content_type.partition("/")[0]
    if major in {"image", "video", "audio"}:
        block["subtype"] = major
    return block


def message_shape(
    message: Message,
    files: Iterable[Attachment] = (),
    read_by: Iterable[str] = (),
    base_url: str = "",
    reactions: Mapping[str, Sequence[str]] | None = None,
) -> Json:
    """Return a message as the API shows it: the older flat fields and the content blocks.

    ``reactions`` are the users who reacted, by emoji; both in the order in which they came.
    """
    blocks = [file_shape(file, base_url) for file in files]
    content = list(message.content or [])
    if not content and message.text:
        content = [{"type": "text", "children": [message.text]}]
    first = blocks[0] if blocks else None
    return (
        {
            "id": message.id,
            "conversationId": message.conversation_id,
            "type": message.type.value,
            "senderId": message.sender_id,
            "text": message.text if message.text is not None else "",
            "attachment": {"url": first["url"], "size": first["size"]} if first else None,
            "location": message.location,
            "content": content + blocks,
            "origin": message.origin.value,
            "readBy": list(read_by),
            "referencedMessageId": message.referenced_message_id,
            "custom": message.custom,
            "createdAt": message.created_at,
            "editedAt": message.edited_at,
            "reactions": {emoji: list(users) for emoji, users in (reactions or {}).items()},
        }
        | _doubt(message)
        | ({"critical": True} if message.critical else {})
    )


def _doubt(message: Message) -> Json:
    """Return what marks a message that was read out of a mail with little confidence."""
    if message.email_confidence is None:
        return {}
    return {"email": {"confidence": message.email_confidence / 1000}}


def with_base(data: Json, base_url: str) -> Json:
    """Return an event's data with its files' paths made into URLs."""
    told = dict(data)
    if "message" in told:
        told["message"] = _based(told["message"], base_url)
    if "messages" in told:
        told["messages"] = [_based(message, base_url) for message in told["messages"]]
    return told


def _based(message: Json, base_url: str) -> Json:
    if not message.get("attachment"):
        return message
    first = message["attachment"]
    content = [
        block | {"url": base_url + block["url"]} if block.get("type") == "file" else block
        for block in message["content"]
    ]
    return message | {
        "content": content,
        "attachment": first | {"url": base_url + first["url"]},
    }
