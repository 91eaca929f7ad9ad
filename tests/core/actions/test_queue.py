"""A delivery is retried when somebody asks, unless it would arrive twice."""

import pytest

from core.actions.queue import queue, retry
from core.errors import InvalidRequest, NotFound
from core.model.delivery import State
from core.moment import MINUTE
from core.store import deliveries
from core.store.database import Database, Session
from tests.support.people import APP, NOW, ROOM, an_app

LATER = NOW + 5 * MINUTE


def _ended(session: Session, state: State) -> str:
    """Queue a mail that came to this end, and return its id."""
    an_app(session)
    about = {"notification_id": "", "conversation_id": ROOM, "user_id": "bo"}
    queue(session, "bo@x.test", "test", NOW, app_id=APP, **about)
    (one,) = deliveries.listed(session, APP, waiting_only=True, limit=9)
    one.state, one.ended_at, one.next_attempt_at = state, NOW, None
    session.add(one)
    session.flush()
    return one.id


@pytest.mark.parametrize("state", [State.QUEUED, State.FAILED])
async def test_what_did_not_arrive_is_due_at_once(database: Database, state: State) -> None:
    """Also where all tries had been used up."""
    one = await database.write(lambda s: retry(s, APP, _ended(s, state), LATER))

    assert (one.state, one.next_attempt_at, one.ended_at) == (State.QUEUED, LATER, None)


@pytest.mark.parametrize("state", [State.ACCEPTED, State.TRANSMITTING])
async def test_what_arrived_is_not_sent_again(database: Database, state: State) -> None:
    """Nor what may be arriving this moment."""
    with pytest.raises(InvalidRequest, match="not sent again"):
        await database.write(lambda s: retry(s, APP, _ended(s, state), LATER))


async def test_what_is_not_there_is_not_found(database: Database) -> None:
    """Under its own code."""
    with pytest.raises(NotFound) as raised:
        await database.write(lambda s: retry(s, APP, "dlv_none", LATER))

    assert raised.value.code == "DELIVERY_NOT_FOUND"
