"""An app is told what became of each mail: once a change, in order, as the docs show it."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.actions import decide, opt_out, settle
from core.actions.remind import Reminder, remind
from core.model.delivery import Delivery
from core.model.opt_out import EVERYTHING
from core.model.webhook import WebhookEndpoint, WebhookEvent
from core.moment import DAY, HOUR
from core.outcome import Accepted, Cause, Deferred, Failed, PeerReply, Uncertain
from core.rules.look_again import Why
from core.rules.telling import EVENTS
from core.store import deliveries, pending, webhooks
from core.store.database import Database, Session
from tests.support.people import APP, NOW, ROOM, a_conversation, says

BO = (APP, ROOM, "bo")
OK = Accepted(PeerReply(250, "2.0.0", "Ok"))
GONE = Failed(Cause.INVALID_RECIPIENT, PeerReply(550, "5.1.1", "No such user"))
PAGE = Path(__file__).resolve().parents[3] / "docs/webhooks.md"
Told = list[tuple[str, str | None]]


def _mail(session: Session) -> Delivery:
    """Claim Bo's mail as a worker does: under the next number."""
    (one,) = deliveries.listed(session, APP, waiting_only=False, limit=2)
    one.attempts += 1
    session.add(one)
    session.flush()
    found = deliveries.claimed(session, APP, one.id)
    assert found is not None
    return found[0]


def _listening(session: Session) -> None:
    """Let an app that listens owe Bo a mail, and make it."""
    a_conversation(session, "ann", "bo")
    session.add(WebhookEndpoint(app_id=APP, id="whk", url="https://x.test", created_at=NOW))
    session.flush()
    says(session, "ann")
    debt = pending.find(session, *BO)
    assert debt is not None
    decide.decide(session, decide.BurstClaim(*BO, debt.attempts), "list.test", NOW + HOUR)


async def _told(
    database: Database, *happens: Callable[[Session, Delivery], object], stream: str = ROOM
) -> list[WebhookEvent]:
    """Return what is told of Bo's mail when something happens to it, step by step."""

    def work(session: Session) -> None:
        _listening(session)
        for one in happens:
            one(session, _mail(session))
            session.flush()

    await database.write(work)
    told = await database.read(lambda s: webhooks.events_from(s, APP, stream, 1, 999))
    return [one for one in told if one.kind.startswith("notification.")]


def _settled(outcome: Any, retry_at: int | None = None) -> Callable[[Session, Delivery], object]:
    return lambda session, mail: settle.settle(session, mail, outcome, retry_at, NOW)


def _arrived(session: Session, mail: Delivery) -> None:
    found = deliveries.find(session, APP, mail.id)
    assert found is not None
    settle.mark_delivered(session, found, NOW)


def _bounced(session: Session, mail: Delivery) -> None:
    found = deliveries.find(session, APP, mail.id)
    assert found is not None
    settle.mark_bounced_and_blame(session, found, GONE, NOW)


def _complained(session: Session, mail: Delivery) -> None:
    settle.complained(session, mail, "spam", NOW)


def _cancelled(session: Session, mail: Delivery) -> None:
    settle.cancel(session, mail, Why.NOTHING_LEFT, NOW)


REFUSED = "invalid_recipient: 550 5.1.1 No such user"


@pytest.mark.parametrize(
    ("happens", "told"),
    [
        pytest.param([_settled(OK)], [("sent", None)], id="accepted"),
        pytest.param([_cancelled], [("cancelled", "nothing_left")], id="not wanted any more"),
        pytest.param([_settled(Deferred(Cause.BUSY, None), NOW + HOUR)], [], id="tried again"),
        pytest.param(
            [_settled(Deferred(Cause.BUSY, None))], [("bounced", "busy")], id="its time is over"
        ),
        pytest.param([_settled(Uncertain("the line broke"))], [], id="not known"),
        pytest.param(
            [_settled(Uncertain("the line broke")), _settled(OK)], [("sent", None)], id="then known"
        ),
        pytest.param(
            [_settled(GONE)],
            [("bounced", REFUSED), ("suppressed", REFUSED)],
            id="refused at once",
        ),
        pytest.param(
            [_settled(OK), _bounced],
            [("sent", None), ("bounced", REFUSED), ("suppressed", REFUSED)],
            id="sent back later",
        ),
        pytest.param(
            [_settled(OK), _bounced, _bounced],
            [("sent", None), ("bounced", REFUSED), ("suppressed", REFUSED)],
            id="the same report twice",
        ),
        pytest.param(
            [_settled(OK), _complained, _complained],
            [("sent", None), ("bounced", "complaint: spam"), ("suppressed", "spam")],
            id="called junk, and again",
        ),
        pytest.param(
            [_settled(GONE), _complained],
            [("bounced", REFUSED), ("suppressed", REFUSED), ("suppressed", "spam")],
            id="junk, they say of what never came: that lasts longer",
        ),
    ],
)
async def test_each_change_is_told_once_and_in_order(
    database: Database, happens: list[Callable[[Session, Delivery], object]], told: Told
) -> None:
    """Behind the decision comes what became of its mail, and of its address."""
    found = await _told(database, *happens)

    assert found[0].kind == "notification.triggered"
    assert [(one.kind.partition(".")[2], one.data.get("reason")) for one in found[1:]] == told
    assert [one.number for one in found] == sorted({one.number for one in found})
    assert len({one.data["notificationId"] for one in found}) == 1


@pytest.mark.parametrize(("scope", "stream"), [(ROOM, ROOM), (EVERYTHING, "user/bo")])
async def test_an_opt_out_is_told_once(database: Database, scope: str, stream: str) -> None:
    """Of one conversation among its events, of all mail among those of the person."""

    def out(session: Session, _mail: Delivery) -> None:
        opt_out.opt_out(session, (APP, "bo"), scope, "page", NOW)

    def back(session: Session, _mail: Delivery) -> None:
        opt_out.opt_in(session, (APP, "bo"), scope, NOW)

    found = await _told(database, out, out, back, out, stream=stream)
    told = [one.data for one in found if one.kind == "notification.unsubscribed"]

    assert [one["conversationId"] for one in told] == [None if scope == EVERYTHING else ROOM] * 2
    assert {one["recipient"]["id"] for one in told} == {"bo"}
    assert {one["via"] for one in told} == {"page"}


async def test_nothing_is_told_where_nobody_listens(database: Database) -> None:
    """No number is taken either: nothing of the conversation has changed."""

    def work(session: Session) -> list[WebhookEvent]:
        a_conversation(session, "ann", "bo")
        says(session, "ann")
        remind(session, (APP, ROOM), Reminder(None, {}), "list.test", NOW)
        _cancelled(session, _mail(session))
        opt_out.opt_out(session, (APP, "bo"), ROOM, "page", NOW)
        return webhooks.events_from(session, APP, ROOM, 1, 99)

    assert await database.write(work) == []


async def test_a_reminder_is_triggered_too(database: Database) -> None:
    """As any notification is, with the messages that were not answered."""

    def asked(session: Session, _mail: Delivery) -> None:
        remind(session, (APP, ROOM), Reminder(("bo",), {}), "list.test", NOW + DAY)

    first, second, gone = await _told(database, asked)

    assert first.data["notificationId"] != second.data["notificationId"]
    assert gone.data["notificationId"] == first.data["notificationId"]
    assert first.data["messages"] == second.data["messages"]


def _examples() -> dict[str, dict[str, Any]]:
    """Return the events that the page shows whole, by type."""
    blocks = re.findall(r"```json\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return {one["type"]: one for one in map(json.loads, blocks)}


async def test_the_page_shows_each_event_as_it_is_told(database: Database) -> None:
    """Every event of a notification has an example, with its fields and no others."""

    def out(session: Session, _mail: Delivery) -> None:
        opt_out.opt_out(session, (APP, "bo"), ROOM, "page", NOW)

    told = await _told(database, _settled(OK), _arrived, _bounced, _cancelled, out)
    real = {str(one.kind): one.data for one in told}
    shown = _examples()

    assert set(shown) == {name for name in EVENTS if name.startswith("notification.")}
    for kind, example in shown.items():
        assert example.keys() == {"id", "createdAt", "type", "data"}
        assert example["data"].keys() == real[kind].keys(), kind
        assert example["data"]["recipient"].keys() == real[kind]["recipient"].keys(), kind
