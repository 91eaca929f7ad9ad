"""No address can be flooded: words are put off and never lost, the rest leaves little behind."""

import asyncio
from collections import Counter

import pytest
from structlog.testing import capture_logs

from core.actions import converse
from core.actions.forget import Keeping, forget
from core.address import Purpose, Token, local_part
from core.model.day_budget import BudgetOf
from core.model.participant import Access, Notify
from core.moment import DAY
from core.observe import Event
from core.rules.day_limit import DayLimit, DayLimits
from core.store import apps, day_budgets, erasing
from core.store.database import Database, Session, open_database
from core.verdict import Accept, Defer, Hold, Reason
from gateway.inbound import admit
from tests.support.flooding import LIMITS, a_flooded_gateway, flood, kept, numbered
from tests.support.letters import attached, mail, multi, text
from tests.support.people import APP, NOW, ROOM, a_user
from tests.support.reception import BO, KEYS, Gateway, a_gateway

FULL = Defer(Reason.DAY_SPENT)


@pytest.fixture
async def gateway(database: Database) -> Gateway:
    """Open a gateway whose day has room for three mails, of 100 KB together."""
    return await a_flooded_gateway(database)


async def test_what_a_person_writes_is_put_off_when_the_day_is_full(gateway: Gateway) -> None:
    """452 at RCPT already, nothing of it is kept, and tomorrow the same mail is posted."""
    verdicts = await flood(gateway, [numbered(n) for n in range(5)])
    asked = await admit(await gateway.address(), gateway.at)
    said = await gateway.said()
    gateway.clock.move(DAY)
    admitted = await admit(await gateway.address(), gateway.at)
    again = await gateway.offer(numbered(4))

    assert [one.reason for one in verdicts] == [Reason.POSTED] * 3 + [Reason.DAY_SPENT] * 2
    assert [type(one) for one in verdicts[3:]] == [Defer, Defer]
    assert asked == FULL
    assert said == ["Answer number 0.", "Answer number 1.", "Answer number 2."]
    assert isinstance(admitted, Accept)
    assert again.reason is Reason.POSTED


async def test_few_large_mails_fill_a_day_like_many_small_ones(gateway: Gateway) -> None:
    """Octets count as they came; what is too large for the rest of a day leaves room for less."""
    long = "\n".join("So much to say about this bicycle and its bell." for _ in range(900))
    large = numbered(2, f"More. {long}")
    verdicts = await flood(gateway, [numbered(1, long), numbered(4, long), large, numbered(3)])
    gateway.clock.move(DAY)
    again = await gateway.offer(large)

    said = [Reason.POSTED, Reason.POSTED, Reason.DAY_SPENT, Reason.POSTED]
    assert [one.reason for one in verdicts] == said
    assert again.reason is Reason.POSTED


async def test_files_without_room_are_not_written(gateway: Gateway) -> None:
    """What is put off leaves nothing on the disk, however often it comes in other octets."""
    posted = await gateway.offer(_with_a_file(1))
    verdicts = [await gateway.offer(_with_a_file(n)) for n in range(2, 8)]
    objects = [key async for keys in gateway.files.older_than(2**50) for key in keys]

    assert posted.reason is Reason.POSTED
    assert {one.reason for one in verdicts} == {Reason.DAY_SPENT}
    assert len(objects) == 1


def _with_a_file(number: int) -> bytes:
    """Return a mail with a file of 45,000 octets, some 60,000 as it comes."""
    octets = bytes([number]) * 45_000
    body = multi("mixed", text(f"Here is {number}."), attached(octets, "text/csv", "a.csv"))
    return mail(body).replace(b"\r\n", b"\n")


async def test_a_mail_larger_than_a_day_is_taken_once(database: Database) -> None:
    """Else it would come again for ever: the first of a day has room."""
    gateway = await a_gateway(database, day_limits=DayLimits(words=DayLimit(9, 100)))
    verdicts = await flood(gateway, [numbered(1, "Much to say. " * 50), numbered(2)])

    assert [one.reason for one in verdicts] == [Reason.POSTED, Reason.DAY_SPENT]


async def test_the_last_place_is_taken_once_whoever_is_at_it(gateway: Gateway) -> None:
    """Twenty at once, and no more than the day has room for."""
    verdicts = await asyncio.gather(*(gateway.offer(numbered(n)) for n in range(20)))

    assert Counter(one.reason for one in verdicts) == {Reason.POSTED: 3, Reason.DAY_SPENT: 17}
    assert len(await gateway.said()) == 3
    assert len(await kept(gateway)) == 3


async def test_several_processes_share_a_day(postgresql_url: str) -> None:
    """Two gateways on one database post together what one might have."""
    first, second = open_database(postgresql_url), open_database(postgresql_url)
    here = await a_gateway(first, day_limits=LIMITS)
    there = Gateway(second, day_limits=LIMITS)
    mails = [(here, there)[n % 2].offer(numbered(n)) for n in range(24)]
    verdicts = await asyncio.gather(*mails)
    said = await here.said()
    await first.close()
    await second.close()

    assert Counter(one.reason for one in verdicts) == {Reason.POSTED: 3, Reason.DAY_SPENT: 21}
    assert len(said) == 3


async def test_the_same_mail_takes_room_once(gateway: Gateway) -> None:
    """A lost answer costs nobody their day."""
    verdicts = await flood(gateway, [numbered(1)] * 6 + [numbered(2), numbered(3)])

    assert Counter(one.reason for one in verdicts) == {Reason.POSTED: 3, Reason.DUPLICATE: 5}


async def test_another_conversation_has_a_day_of_its_own(gateway: Gateway) -> None:
    """The budget is the address's, and the person's other addresses and the others' are free."""
    await flood(gateway, [numbered(n) for n in range(4)])

    def elsewhere(session: Session) -> list[str]:
        converse.put(session, APP, "order-2", {}, NOW)
        a_user(session, "cy")
        made = [
            converse.join(session, (APP, room, user), Access.READ_WRITE, Notify.ALL, NOW)
            for room, user in (("order-2", "bo"), (ROOM, "cy"))
        ]
        app = apps.find(session, APP)
        assert app is not None
        tokens = [Token(Purpose.REPLY, app.number, one.reference) for one in made]
        return [f"{local_part(Purpose.REPLY, KEYS.sign(one))}@reply.test" for one in tokens]

    theirs, others = await gateway.database.write(elsewhere)
    cy = numbered(9, From="cy@example.net")

    assert (await gateway.offer(numbered(8), theirs)).reason is Reason.POSTED
    assert (await gateway.offer(cy, others)).reason is Reason.POSTED


async def test_a_strangers_mails_put_off_no_word_of_the_owners(gateway: Gateway) -> None:
    """What is held has a day of its own; over it, it is put off, for it may be somebody's words."""
    theirs = [numbered(n, From="mallory@elsewhere.test") for n in range(5)]
    verdicts = await flood(gateway, theirs)
    mine = await gateway.offer(numbered(9))

    assert [type(one) for one in verdicts] == [Hold] * 3 + [Defer] * 2
    assert verdicts[-1] == FULL
    assert mine.reason is Reason.POSTED


async def test_the_log_tells_once_a_day(gateway: Gateway) -> None:
    """One line an account, whichever question is the first to find it full."""
    address, unsubscribe = await gateway.address(), await gateway.address(Purpose.OPT_OUT)
    with capture_logs() as told:
        for _ in range(2):
            await flood(gateway, [numbered(n + gateway.clock.now()) for n in range(9)])
            await admit(address, gateway.at)
            await flood(gateway, [numbered(n + gateway.clock.now()) for n in range(9)], unsubscribe)
            gateway.clock.move(DAY)

    lines = [one for one in told if one["event"] == Event.BUDGET_SPENT]
    assert [one["account"] for one in lines] == ["words", "unposted"] * 2
    assert {(one["app"], one["conversation"], one["user"]) for one in lines} == {BO}


async def test_the_operators_addresses_are_full_at_rcpt_already(gateway: Gateway) -> None:
    """postmaster@ and abuse@ share a day, by the same rule."""
    to = ["postmaster@reply.test", "Abuse@reply.test"]
    verdicts = [await gateway.offer(numbered(n), to[n % 2]) for n in range(5)]
    asked = [await admit(one, gateway.at) for one in to]

    assert [type(one) for one in verdicts] == [Accept] * 3 + [Defer] * 2
    assert asked == [Defer(Reason.OPERATOR_BUSY)] * 2


async def test_a_budget_is_forgotten(gateway: Gateway) -> None:
    """With its person, and by itself when its day is over."""

    def spent(session: Session) -> int:
        return day_budgets.spent(session, BO, BudgetOf.WORDS).mails

    await flood(gateway, [numbered(1)])
    before = await gateway.database.read(spent)
    await gateway.database.write(lambda s: erasing.drop_correspondence(s, *BO))
    erased = await gateway.database.read(spent)
    await flood(gateway, [numbered(2)])
    today = await forget(gateway.database, Keeping(), NOW)
    later = await forget(gateway.database, Keeping(), NOW + 2 * DAY)

    assert (before, erased) == (1, 0)
    assert (today["budgets"], later["budgets"]) == (0, 1)
