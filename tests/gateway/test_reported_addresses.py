"""What a report means for the address: nothing, a rest, or no more mail."""

import pytest

from core.actions import opt_out
from core.model.delivery import State
from core.model.opt_out import EVERYTHING
from core.model.suppression import Suppression
from core.moment import DAY
from core.store import opt_outs, users
from core.store.database import Database, Session
from core.verdict import Reason
from tests.support.people import APP, NOW, a_conversation
from tests.support.report_desk import Desk, a_complaint, a_delivery, a_report


@pytest.fixture
async def desk(database: Database) -> Desk:
    """Open the desk: Ann and Bo in one conversation, one mail to Bo accepted."""
    await database.write(lambda s: a_conversation(s, "ann", "bo"))
    desk = Desk(database)
    await desk.queue(a_delivery())
    return desk


@pytest.mark.parametrize(
    ("status", "said", "days"),
    [
        pytest.param("5.2.1", "550 5.2.1 mailbox disabled", 30, id="a closed mailbox rests"),
        pytest.param("5.2.2", "552 5.2.2 mailbox full", None, id="a full one is emptied"),
        pytest.param("5.7.26", "550 5.7.26 DMARC", None, id="our own name is not its fault"),
        pytest.param("5.6.0", "554 5.6.0 spam", None, id="what we wrote is not its fault"),
        pytest.param("5.1.1", "550 5.1.1 listed by Spamhaus", None, id="a code may lie"),
        pytest.param("5.0.0", "550 no", None, id="what we don't understand"),
    ],
)
async def test_only_what_is_said_of_the_address_counts(
    desk: Desk, status: str, said: str, days: int | None
) -> None:
    """The mail is lost in any case, so the delivery bounced; the address may be blameless."""
    verdict = await desk.offer(a_report(status=status, said=said))
    found = await desk.suppressions()

    assert verdict.reason is Reason.BOUNCE_RECORDED
    assert (await desk.delivery()).state is State.BOUNCED
    assert [one.expires_at for one in found] == ([NOW + days * DAY] if days else [])


async def test_who_complained_may_change_their_mind(desk: Desk) -> None:
    """Taking the opt-out back lifts what the complaint did, and nothing that a server said."""
    await desk.offer(a_complaint())
    closed = Suppression(app_id=APP, address="bo2@example.net", cause="inactive", made_at=NOW)

    def change(session: Session) -> None:
        bo = users.find(session, APP, "bo")
        assert bo is not None
        bo.email = ["Bo@example.net", "bo2@example.net", "bo3@example.net"]
        opt_outs.suppress(session, closed)
        opt_out.opt_in(session, (APP, "bo"), EVERYTHING, NOW)

    await desk.database.write(change)

    assert await desk.opted_out() == frozenset()
    known = {one.address: one for one in await desk.suppressions()}
    assert [one.address for one in known.values() if one.in_force(NOW)] == ["bo2@example.net"]
    complaint = known["bo@example.net"]
    assert (complaint.lifted_by, complaint.lifted_at) == ("reader", NOW)


@pytest.mark.parametrize(
    ("ages", "suppressed"),
    [
        pytest.param([0, 1, 2, 3], True, id="five on five days"),
        pytest.param([0, 0, 1, 2], True, id="five on three days"),
        pytest.param([0, 0, 0, 0], False, id="five on one day"),
        pytest.param([1, 2, 3], False, id="four"),
        pytest.param([1, 2, 40, 41], False, id="some long ago"),
    ],
)
async def test_a_full_mailbox_wears_out(desk: Desk, ages: list[int], suppressed: object) -> None:
    """Many soft failures on several days suppress for a week; the newest counts too."""
    old = [
        a_delivery(n, State.BOUNCED, created_at=NOW - age * DAY, reason="quota: 552 full")
        for n, age in enumerate(ages)
    ]
    blameless = [a_delivery(50 + n, State.BOUNCED, reason="content: spam") for n in range(9)]
    await desk.queue(*old, *blameless)
    await desk.offer(a_report(status="5.2.2", said="552 5.2.2 full"))
    found = await desk.suppressions()

    assert [(one.cause, one.expires_at) for one in found] == (
        [("quota", NOW + 7 * DAY)] if suppressed else []
    )


async def test_a_lighter_cause_does_not_shorten_a_graver_one(desk: Desk) -> None:
    """Who complained stays left alone for good, whatever is reported later."""
    await desk.offer(a_complaint())
    await desk.offer(a_report(status="5.2.1", said="550 5.2.1 disabled"))
    [suppression] = await desk.suppressions()

    assert (suppression.cause, suppression.expires_at) == ("complaint", None)


async def test_a_graver_cause_lasts_longer_than_a_lighter_one(desk: Desk) -> None:
    """A mailbox that was closed for a while and is gone now."""
    await desk.queue(a_delivery(7))
    await desk.offer(a_report(status="5.2.1", said="550 5.2.1 disabled"))
    await desk.offer(a_report(), 7)
    [suppression] = await desk.suppressions()

    assert (suppression.cause, suppression.expires_at) == ("invalid_recipient", NOW + 180 * DAY)
