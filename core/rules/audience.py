"""Who is owed word of a message, at the moment it is said?

Everyone who is here and wants to hear of it, but its author. System, imported and welcome
messages owe nobody (talkjs-spec, 4.1 and 4.8). Whether a mail can be sent at all (role, address,
opt-out) is looked at when it is due, so that the answer to "why did Bo not get a mail" is kept.
"""

from collections.abc import Collection, Iterable

from core.model.fan_out import OwedMessage
from core.model.member import Member
from core.model.message import MessageKind, Origin
from core.model.participant import Access, Notify


def is_here(member: Member) -> bool:
    """Tell whether somebody has not left and may at least read."""
    return member.left_at is None and member.access is not Access.NONE


def owes_nobody(kind: MessageKind, origin: Origin) -> bool:
    """Tell whether a message of this kind and origin notifies no one."""
    return kind is MessageKind.SYSTEM or origin is Origin.IMPORT


def first_owed(member: Member, said: Iterable[OwedMessage], told_up_to: int) -> OwedMessage | None:
    """Return the first message, of these in their order, that somebody is owed word of still.

    ``told_up_to``: the last one that was decided on for them. Who joined after a message was said
    is not owed it.
    """
    known = max(member.read_seq, told_up_to)
    for message in said:
        before = message.seq <= known or message.said_at < member.joined_at
        if not before and owed([member], message.sender_id, message.mentions):
            return message
    return None


def owed(
    members: Iterable[Member], author_id: str | None, mentioned: Collection[str]
) -> list[Member]:
    """Return the members who are owed word of a user's message."""
    return [
        member
        for member in members
        if member.user_id != author_id and is_here(member) and _wants(member, mentioned)
    ]


def _wants(member: Member, mentioned: Collection[str]) -> bool:
    match member.notify:
        case Notify.ALL:
            return True
        case Notify.NOTHING:
            return False
        case Notify.MENTIONS_ONLY:
            return member.user_id in mentioned
