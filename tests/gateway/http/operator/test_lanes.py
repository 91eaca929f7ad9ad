"""The operator sees how the lanes stand, opens one, and hears when a retry will really be tried."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from core.address import Keyring
from core.client.reach import in_process
from core.clock import SetClock
from core.model.lane_state import LaneState
from core.moment import HOUR, MINUTE
from core.store import deliveries, lane_states
from core.store.database import Database, Session
from gateway.context import Context
from gateway.http.asgi import build
from tests.support.owed_mails import owe_mails
from tests.support.people import APP, NOW

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)
DOWN: dict[str, Any] = {"cause": "connection", "text": "Connection refused"}
QUOTA: dict[str, Any] = {"cause": "sender_quota", "code": 550, "enhanced": "5.4.5", "text": "Limit"}


def _closed(name: str, **said: Any) -> LaneState:
    return LaneState(
        name=name, troubles=2, closed_until=NOW + MINUTE, said_to="dlv_7", changed_at=NOW, **said
    )


@pytest.fixture
async def admin(database: Database, clock: SetClock) -> AsyncIterator[httpx.AsyncClient]:
    """Open the operator's application, with a mail that waits for an hour."""
    clock.moment = NOW

    def work(session: Session) -> None:
        owe_mails(session, ["bo"], NOW)
        lane_states.introduce(session, "email")
        (one,) = deliveries.listed(session, APP, waiting_only=True, limit=9)
        one.next_attempt_at, one.reason = NOW + HOUR, "sender_quota"

    await database.write(work)
    context = Context(database, clock, KEYS, "http://api.test", "reply.test")
    async with in_process(build(context, admin=True)) as client:
        yield client


async def _retried(admin: httpx.AsyncClient, database: Database, **query: str) -> dict[str, Any]:
    (one,) = await database.read(lambda s: deliveries.listed(s, APP, waiting_only=True, limit=9))
    told = await admin.post(f"/admin/queue/{APP}/{one.id}/retry", params=query)
    return dict(told.json())


async def test_each_lane_is_told(admin: httpx.AsyncClient, database: Database) -> None:
    """Open; closed until when, why, and who said so; or asking, when its time is over."""
    over = LaneState(name="email/yahoo", troubles=1, closed_until=NOW, cause="sender_rate")
    await database.write(lambda s: lane_states.keep(s, _closed("email/gmail", **QUOTA)))
    await database.write(lambda s: lane_states.keep(s, over))
    told = (await admin.get("/admin/lanes")).json()["lanes"]

    assert [(one["lane"], one["state"]) for one in told] == [
        ("email", "open"), ("email/gmail", "closed"), ("email/yahoo", "asking"),
    ]  # fmt: skip
    assert told[1] == {
        "lane": "email/gmail", "state": "closed", "closedUntil": NOW + MINUTE, "troubles": 2,
        "reason": "sender_quota", "said": {"code": 550, "enhanced": "5.4.5", "text": "Limit"},
        "saidTo": "dlv_7", "changedAt": NOW,
    }  # fmt: skip


async def test_a_lane_is_opened(admin: httpx.AsyncClient, database: Database) -> None:
    """What waits behind it is due now; one that is not there is refused with those that are."""
    await database.write(lambda s: lane_states.keep(s, _closed("email", **QUOTA)))
    opened = await admin.post("/admin/lanes/open", params={"lane": "email"})
    none = await admin.post("/admin/lanes/open", params={"lane": "mail"})
    due = await database.read(lambda s: deliveries.waiting(s, NOW, 9))

    assert (opened.status_code, opened.json()["state"], due) == (200, "open", 1)
    assert (none.status_code, none.json()["errorCode"]) == (404, "LANE_NOT_FOUND")


async def test_a_retry_says_when_it_is_tried(admin: httpx.AsyncClient, database: Database) -> None:
    """Not now, behind a relay that is down; at once, where one mail has to ask anyway."""
    open_ = await _retried(admin, database)
    await database.write(lambda s: lane_states.keep(s, _closed("email", **DOWN)))
    down = await _retried(admin, database)
    await database.write(lambda s: lane_states.keep(s, _closed("email", **QUOTA)))
    quota = await _retried(admin, database)

    assert [(one["triedAt"], one["behind"] is None) for one in (open_, down, quota)] == [
        (NOW, True), (NOW + MINUTE, False), (NOW, True),
    ]  # fmt: skip
    assert down["behind"]["lane"] == "email"


async def test_a_retry_can_open_the_lane(admin: httpx.AsyncClient, database: Database) -> None:
    """And only those that the mail waits behind."""
    await database.write(lambda s: lane_states.keep(s, _closed("email", **DOWN)))
    await database.write(lambda s: lane_states.keep(s, _closed("email/gmail", **QUOTA)))
    told = await _retried(admin, database, openLane="true")
    stand = {one.name: one.closed_until for one in await database.read(lane_states.every)}

    assert (told["triedAt"], told["behind"]) == (NOW, None)
    assert stand == {"email": 0, "email/gmail": NOW + MINUTE}
