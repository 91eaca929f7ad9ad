"""Webhooks are told in talkjs-spec's words, and watchers of what changes a conversation."""

import pytest

from core.model.change import ChangeKind
from core.rules.telling import ONLY_TOLD, told_as


@pytest.mark.parametrize(("kind", "told"), [
    (ChangeKind.MESSAGE_SENT, "message.sent"),
    (ChangeKind.MESSAGE_EDITED, "message.updated"),
    (ChangeKind.REACTION_ADDED, "message.updated"),
    (ChangeKind.REACTION_REMOVED, "message.updated"),
    (ChangeKind.NOTIFICATION_SENT, "notification.sent"),
    (ChangeKind.NOTIFICATION_DELIVERED, "notification.delivered"),
])  # fmt: skip
def test_a_kind_has_the_name_that_receivers_know(kind: ChangeKind, told: str) -> None:
    """A reaction is an update of its message (3.3)."""
    assert told_as(kind) == told


def test_only_what_changes_nothing_is_for_webhooks_alone() -> None:
    """Events of users and of notifications, and no others."""
    assert {kind.value.partition(".")[0] for kind in ONLY_TOLD} == {"notification", "user"}
    assert len(ONLY_TOLD) == 6
