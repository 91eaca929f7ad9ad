"""The database goes while a digest is on its way: it is sent once, and that is known after."""

from collections.abc import AsyncIterator, Iterator

import pytest
from structlog.testing import capture_logs

from core.clock import SetClock
from core.model.delivery import State
from core.moment import MINUTE
from core.store import deliveries
from core.store.database import Session, open_database
from tests.faults.forwarder import Cut, Forwarder, forwarding
from tests.support.fake_relay import FakeRelay
from tests.support.notifying import notifying, until
from tests.support.people import APP, NOW, a_conversation, says


@pytest.fixture(autouse=True)
def _unheard() -> Iterator[None]:
    """Keep the log to ourselves: unconfigured, it draws each traceback with all its variables."""
    with capture_logs():
        yield


def _asked(session: Session) -> None:
    """Let Ann have said something to Bo."""
    a_conversation(session, "ann", "bo")
    says(session, "ann")


@pytest.fixture
async def line(postgresql_url: str) -> AsyncIterator[Forwarder]:
    """Open a line to a fresh database."""
    async with forwarding(postgresql_url) as opened:
        yield opened


@pytest.mark.parametrize("step", ["EHLO", "DOT"])
async def test_a_digest_on_its_way_is_sent_once(
    line: Forwarder, clock: SetClock, step: str
) -> None:
    """What the relay answered is kept in mind until it can be written down."""
    database = open_database(line.url)
    await database.write(_asked)
    clock.moment = NOW + 2 * MINUTE

    async def ended() -> bool:
        found = await database.read(
            lambda session: deliveries.listed(session, APP, waiting_only=False, limit=9)
        )
        return [(one.state, one.attempts) for one in found] == [(State.ACCEPTED, 1)]

    async with FakeRelay() as relay, notifying(database, relay, clock) as nudge:
        await relay.reached(step)
        await line.cut(Cut.HUNG_UP)
        await relay.next_mail()
        await line.has_turned_away(3)
        await line.restore()
        nudge()
        await until(ended)
    await database.close()

    assert len(relay.mails) == 1


async def test_what_was_claimed_is_taken_up_again(line: Forwarder, clock: SetClock) -> None:
    """A claim that could not be handled does not wait for its lease, which never ends here."""
    database = open_database(line.url)
    await database.write(_asked)
    clock.moment = NOW + 2 * MINUTE
    async with FakeRelay() as relay, notifying(database, relay, clock) as nudge:
        relay.refuse("RCPT", "450 4.2.1 Busy")
        await relay.reached("RCPT")
        for _ in range(3):  # whatever is under way at these moments
            await line.cut(Cut.HUNG_UP)
            await line.has_turned_away(line.turned_away + 3)
            await line.restore()
        clock.move(MINUTE)
        nudge()
        mail = await relay.next_mail()
    await database.close()

    assert mail.recipients == ("bo@example.net",)
