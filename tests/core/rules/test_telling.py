"""Webhooks are told in talkjs-spec's words, and watchers of what changes a conversation."""

import pytest

from core.model.change import ChangeKind
from core.rules.telling import EVENTS, ONLY_TOLD, told_as, wrong_event


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
    """Events of users and of notifications, all of them and no others."""
    events = ("notification.", "user.")

    assert {kind for kind in ChangeKind if kind.value.startswith(events)} == ONLY_TOLD


@pytest.mark.parametrize("name", EVENTS)
def test_each_event_can_be_asked_for(name: str) -> None:
    """By the name under which it is told."""
    assert wrong_event(name) is None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("message.send", "there is no event 'message.send'; did you mean 'message.sent'?"),
        ("Message.Sent", "did you mean 'message.sent'?"),
        ("message_sent", "did you mean 'message.sent'?"),
        (" message.sent", "did you mean 'message.sent'?"),
        ("notification.canceled", "did you mean 'notification.cancelled'?"),
        ("notification.unsubscribe", "did you mean 'notification.unsubscribed'?"),
        ("notifications.bounced", "did you mean 'notification.bounced'?"),
        ("reaction.added", "there is no event 'reaction.added'; "),
        ("participant.joined", "there is no event 'participant.joined'; "),
        ("*", "there are conversation.deleted, message.deleted, "),
        ("e" * 255, f"there is no event {'e' * 60!r}; there are"),
        ("notification.opened", "is never told: mails load nothing"),
        ("notification.link.clicked", "is never told: links in mails lead where they say"),
    ],
)
def test_what_is_never_told_is_refused_with_what_was_meant(name: str, said: str) -> None:
    """Nobody waits in vain for an event that does not come."""
    assert said in str(wrong_event(name))
