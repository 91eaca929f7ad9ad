"""The operator sees all that is owed and all that waits, page by page, however much it is."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from core.actions.queue import queue
from core.address import Keyring
from core.client.reach import in_process
from core.clock import SetClock
from core.model.delivery import State
from core.moment import MINUTE
from core.store import deliveries
from core.store.database import Database, Session
from gateway.context import Context
from gateway.http.asgi import build
from tests.support.people import APP, NOW, ROOM, a_conversation, says

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)
READERS = [f"reader {n}/{n}" for n in range(5)]


def _much(session: Session) -> None:
    """Owe five people word, and let five mails wait, two of them for the same moment."""
    a_conversation(session, "ann", *READERS)
    says(session, "ann")
    for number, later in enumerate((3, 1, 1, 2, 0)):
        about = {"notification_id": "", "conversation_id": ROOM, "user_id": "bo"}
        address = f"{number}@x.test"
        queue(session, address, "test", NOW + later, app_id=APP, **about)


@pytest.fixture
async def admin(database: Database, clock: SetClock) -> AsyncIterator[httpx.AsyncClient]:
    """Open the operator's application over much that waits."""
    clock.moment = NOW
    await database.write(_much)
    context = Context(database, clock, KEYS, "http://api.test", "reply.test")
    async with in_process(build(context, admin=True)) as client:
        yield client


async def _pages(admin: httpx.AsyncClient, kind: str, cursor: str, **query: Any) -> list[list[Any]]:
    """Return every page of one kind, two rows each."""
    pages: list[list[Any]] = []
    while len(pages) < 4:
        after = {cursor: pages[-1][-1]["place"]} if pages else {}
        told = await admin.get("/admin/queue", params={"limit": 2, **after, **query})
        pages.append(told.json()[kind])
    return pages


@pytest.mark.parametrize("app", [{}, {"app": APP}])
async def test_what_is_owed_comes_in_pages(admin: httpx.AsyncClient, app: dict[str, str]) -> None:
    """Each debt once, though all are due at one moment."""
    pages = await _pages(admin, "pendings", "owedAfter", **app)

    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert sorted(one["userId"] for page in pages for one in page) == READERS


@pytest.mark.parametrize(
    ("every", "moment", "order"),
    [
        pytest.param(
            "false", "nextAttemptAt", [0, 1, 1, 2, 3], id="what waits, the soonest due first"
        ),
        pytest.param("true", "createdAt", [3, 2, 1, 1, 0], id="all there is, the newest first"),
    ],
)
async def test_what_waits_comes_in_pages(
    admin: httpx.AsyncClient, every: str, moment: str, order: list[int]
) -> None:
    """Each delivery once, in order."""
    pages = await _pages(admin, "deliveries", "startingAfter", all=every)
    found = [one for page in pages for one in page]

    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert len({one["id"] for one in found}) == 5
    assert [one[moment] - NOW for one in found] == order


@pytest.mark.parametrize(
    "after",
    [
        pytest.param({"startingAfter": "dlv_1"}, id="an id alone"),
        pytest.param({"startingAfter": "soon/dlv_1"}, id="no moment"),
        pytest.param({"startingAfter": f"{10**15}/dlv_1"}, id="a moment beyond all time"),
        pytest.param({"owedAfter": f"{NOW}/{APP}/{ROOM}"}, id="a name too few"),
        pytest.param({"owedAfter": f"{NOW}/{APP}/{ROOM}/%00"}, id="no possible name"),
    ],
)
async def test_a_page_after_no_place_is_refused(
    admin: httpx.AsyncClient, after: dict[str, str]
) -> None:
    """What cannot be read is not guessed at."""
    told = await admin.get("/admin/queue", params=after)

    assert told.status_code == 400
    assert next(iter(after)) in told.json()["reasons"][0]


def _claim_two(session: Session) -> None:
    for one in deliveries.listed(session, APP, waiting_only=True, limit=2):
        one.next_attempt_at, one.claimed_by = NOW + MINUTE, "worker"
        session.add(one)


def _end_two(session: Session) -> None:
    for one in deliveries.listed(session, APP, waiting_only=True, limit=2):
        one.next_attempt_at, one.state = None, State.CANCELLED
        session.add(one)


@pytest.mark.parametrize("move", [_claim_two, _end_two])
async def test_a_queue_that_moves_hides_nothing(
    admin: httpx.AsyncClient, database: Database, move: Callable[[Session], None]
) -> None:
    """What the first page told may be claimed or gone before the second: that tells the others."""
    first = (await admin.get("/admin/queue", params={"limit": 2})).json()["deliveries"]
    await database.write(move)
    second = await admin.get("/admin/queue", params={"startingAfter": first[-1]["place"]})
    told = [one["id"] for one in (*first, *second.json()["deliveries"])]

    assert len(set(told)) == 5


async def test_a_delivery_for_the_operator_is_shown_and_tried_again(
    admin: httpx.AsyncClient, database: Database
) -> None:
    """It is of no app, so none stands in its path; it is listed where the app is empty."""
    about = {"notification_id": "", "conversation_id": "", "user_id": "", "app_id": ""}
    await database.write(lambda s: queue(s, "ops@example.org", "test", NOW + 9, **about))
    (one,) = (await admin.get("/admin/queue", params={"app": ""})).json()["deliveries"]
    shown = await admin.get(f"/admin/operator/queue/{one['id']}")
    tried = await admin.post(f"/admin/operator/queue/{one['id']}/retry")
    unknown = await admin.post("/admin/operator/queue/dlv_1/retry")

    assert shown.json()["address"] == "ops@example.org"
    assert (tried.status_code, tried.json()["nextAttemptAt"]) == (200, NOW)
    assert (unknown.status_code, unknown.json()["errorCode"]) == (404, "DELIVERY_NOT_FOUND")
