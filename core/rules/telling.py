"""Which changes are told to whom, and under which name?"""

from collections.abc import Mapping

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
    ChangeKind.USER_CREATED,
    ChangeKind.USER_UPDATED,
})  # fmt: skip


def told_as(kind: ChangeKind) -> str:
    """Return the type under which webhooks tell of a change."""
    return _TOLD_AS.get(kind, kind.value)
