"""Which changes are told to whom, and under which name?"""

from collections.abc import Mapping
from difflib import get_close_matches

from core.model.change import ChangeKind

# The names of talkjs-spec, 3.3, where they are not ours: to it a reaction is an update, too.
_TOLD_AS: Mapping[ChangeKind, str] = {
    ChangeKind.MESSAGE_EDITED: "message.updated",
    ChangeKind.REACTION_ADDED: "message.updated",
    ChangeKind.REACTION_REMOVED: "message.updated",
}
# They are in the log so that webhooks tell them in order; nothing of a conversation changes.
ONLY_TOLD = frozenset({
    ChangeKind.NOTIFICATION_TRIGGERED,
    ChangeKind.NOTIFICATION_SENT,
    ChangeKind.NOTIFICATION_DELIVERED,
    ChangeKind.NOTIFICATION_BOUNCED,
    ChangeKind.NOTIFICATION_CANCELLED,
    ChangeKind.NOTIFICATION_SUPPRESSED,
    ChangeKind.NOTIFICATION_UNSUBSCRIBED,
    ChangeKind.USER_CREATED,
    ChangeKind.USER_UPDATED,
})  # fmt: skip


# What pages see and webhooks are not told: TalkJS has no event of it.
_ON_PAGES_ALONE = frozenset({
    ChangeKind.PARTICIPANT_JOINED,
    ChangeKind.PARTICIPANT_CHANGED,
    ChangeKind.PARTICIPANT_LEFT,
    ChangeKind.PERSON_ERASED,
    ChangeKind.CONVERSATION_MADE,
    ChangeKind.CONVERSATION_CHANGED,
})  # fmt: skip
_NEVER = {
    "notification.opened": "mails load nothing, so nobody learns that one was opened",
    "notification.link.clicked": "links in mails lead where they say, so nobody learns of a click",
}


def told_as(kind: ChangeKind) -> str:
    """Return the type under which webhooks tell of a change."""
    return _TOLD_AS.get(kind, kind.value)


EVENTS = tuple(sorted({told_as(kind) for kind in ChangeKind if kind not in _ON_PAGES_ALONE}))
_SHOWN = 60


def wrong_event(name: str) -> str | None:
    """Return why an endpoint cannot be told of an event of this name, and what was meant; or None.

    A filter that nothing ever meets is not taken: its app would wait in vain.
    """
    if name in EVENTS:
        return None
    if name in _NEVER:
        return f"{name} is never told: {_NEVER[name]}"
    plain = name.strip().lower().replace("_", ".")[:_SHOWN]
    near = plain if plain in EVENTS else next(iter(get_close_matches(plain, EVENTS, n=1)), None)
    known = f"did you mean {near!r}?" if near else f"there are {', '.join(EVENTS)}"
    return f"there is no event {name[:_SHOWN]!r}; {known}"
