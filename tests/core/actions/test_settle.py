"""What is refused at once says as much of an address as what is sent back later."""

import pytest

from core.actions import settle
from core.model.delivery import Delivery, State
from core.model.suppression import Suppression
from core.moment import DAY, HOUR
from core.outcome import Accepted, Cause, Deferred, Failed, Outcome, PeerReply, Uncertain
from core.store import deliveries
from core.store.database import Database, Session
from tests.support import stored
from tests.support.people import APP, NOW, ROOM, a_conversation

GONE = Failed(Cause.INVALID_RECIPIENT, PeerReply(550, "5.1.1", "No such user"))


def a_delivery(reference: int, state: State = State.TRANSMITTING, age: int = 0) -> Delivery:
    """Return a mail to Bo."""
    return Delivery(
        app_id=APP,
        id=f"dlv_{reference}",
        notification_id="ntf_1",
        conversation_id=ROOM,
        user_id="bo",
        address="Bo@Example.net",
        state=state,
        reason=Cause.EXPIRED.value if state is State.EXPIRED else None,
        attempts=1,
        reference=reference,
        message_id=f"<{reference}@x>",
        created_at=NOW - age,
    )


async def settled(
    database: Database, outcome: Outcome, retry_at: int | None, *before: Delivery
) -> list[Suppression]:
    """Settle a delivery to Bo, and return whom we write to no more."""

    def work(session: Session) -> None:
        a_conversation(session, "ann", "bo")
        for one in (a_delivery(1), *before):
            deliveries.add(session, one)
        claimed = deliveries.claimed(session, APP, "dlv_1")
        assert claimed is not None
        settle.settle(session, claimed[0], outcome, retry_at, NOW)

    await database.write(work)
    return await database.read(lambda s: stored.suppressions(s, APP))


@pytest.mark.parametrize(
    ("outcome", "retry_at", "cause"),
    [
        pytest.param(GONE, None, "invalid_recipient", id="nobody there"),
        pytest.param(Failed(Cause.CONTENT, None), None, None, id="what we wrote"),
        pytest.param(Failed(Cause.OTHER, None), None, None, id="what we don't understand"),
        pytest.param(Deferred(Cause.INACTIVE, None), NOW + HOUR, None, id="it is tried again"),
        pytest.param(Deferred(Cause.INACTIVE, None), None, "inactive", id="it was tried enough"),
        pytest.param(Deferred(Cause.EXPIRED, None), None, None, id="once late"),
        pytest.param(Accepted(PeerReply(250, None, "ok")), None, None, id="accepted"),
        pytest.param(Uncertain("the line broke"), None, None, id="uncertain"),
    ],
)
async def test_an_end_says_something_of_the_address(
    database: Database, outcome: Outcome, retry_at: int | None, cause: str | None
) -> None:
    """Only an end, and only what is said of the address itself."""
    found = await settled(database, outcome, retry_at)

    assert [one.cause for one in found] == ([cause] if cause else [])
    assert [one.address for one in found] == (["bo@example.net"] if cause else [])


async def test_late_too_often_wears_out(database: Database) -> None:
    """Deliveries that ended here count beside those that were sent back."""
    before = [a_delivery(n, State.EXPIRED, n * DAY) for n in range(2, 6)]
    [found] = await settled(database, Deferred(Cause.EXPIRED, None), None, *before)

    assert (found.cause, found.expires_at) == ("expired", NOW + 30 * DAY)


async def test_the_evidence_is_what_the_server_said(database: Database) -> None:
    """So that an operator can judge, and lift it."""
    [found] = await settled(database, GONE, None)

    assert found.evidence == "invalid_recipient: 550 5.1.1 No such user"


@pytest.mark.parametrize("state", [State.UNCERTAIN, State.TRANSMITTING, State.ACCEPTED])
@pytest.mark.parametrize("report", ["delivered", "bounced"])
async def test_a_report_ends_the_claim_of_whoever_works_on_it(
    database: Database, state: State, report: str
) -> None:
    """A worker that has claimed an uncertain one neither offers it again nor writes over it."""

    def work(session: Session) -> tuple[bool, str | None, State, str | None]:
        a_conversation(session, "ann", "bo")
        one = a_delivery(1, state)
        one.claimed_by = None if state is State.ACCEPTED else "w"
        deliveries.add(session, one)
        ours = deliveries.claimed(session, APP, "dlv_1")
        found = deliveries.find(session, APP, "dlv_1")
        assert ours is not None
        assert found is not None
        if report == "delivered":
            settle.mark_delivered(session, found, NOW)
        else:
            settle.mark_bounced(session, found, "no such user", NOW)
        session.flush()
        free = found.claimed_by
        leaves = state is not State.ACCEPTED and (
            deliveries.transmitting(session, ours[0], b"octets", None)
            or settle.settle(session, ours[0], GONE, None, NOW) is not None
        )
        session.expire_all()
        found = deliveries.find(session, APP, "dlv_1")
        assert found is not None
        return leaves, free, found.state, found.claimed_by

    ended = State.DELIVERED if report == "delivered" else State.BOUNCED
    assert await database.write(work) == (False, None, ended, None)
