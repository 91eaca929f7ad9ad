"""Of which domain is a person? The same on both databases, whatever their address looks like."""

import pytest

from core.model.app import App
from core.model.known_block import BlocksOf
from core.model.participant import Participant
from core.model.user import User
from core.store import known_blocks, participants
from core.store.database import Database, Session
from core.store.known_blocks import Lesson
from tests.support.people import APP, ROOM, a_conversation

BLOCKS = b"what the firm's people end with"


@pytest.mark.parametrize(
    ("addresses", "domain"),
    [
        pytest.param(["bo@firm.example"], "firm.example", id="plain"),
        pytest.param(["Bo@Firm.Example"], "firm.example", id="in capitals"),
        pytest.param(['"bo@home"@firm.example'], "firm.example", id="an @ in the local part"),
        pytest.param(['"@"@firm.example'], "firm.example", id="nothing else in it"),
        pytest.param(["bo@firm.example", "bo@home.example"], "firm.example", id="the first of two"),
        pytest.param(["bo@"], "", id="no domain"),
        pytest.param([], "", id="no address"),
    ],
)
async def test_what_a_domain_taught_is_found(
    database: Database, addresses: list[str], domain: str
) -> None:
    """By the look-up of RCPT, and by that of who reads a mail again."""

    def work(session: Session) -> list[tuple[str, bytes]]:
        a_conversation(session, "bo")
        app, user = session.get_one(App, APP), session.get_one(User, (APP, "bo"))
        bo = session.get_one(Participant, (APP, ROOM, "bo"))
        user.email = addresses
        session.add(user)
        session.flush()
        known_blocks.keep(session, [Lesson(APP, BlocksOf.DOMAIN, "firm.example", b"", BLOCKS, 0)])
        first, _ = participants.correspondence(session, app.number, bo.reference, 5)
        again = participants.correspondent(session, APP, ROOM, "bo")
        found = [one.remembered for one in (first, again) if one is not None]
        return [(one.domain, one.shared) for one in found]

    found = await database.write(work)

    assert found == [(domain, BLOCKS if domain else b"")] * 2
