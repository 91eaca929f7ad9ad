"""A participant's secret address is given, and taken back."""

from core.address import Token, read_local_part
from core.clock import SetClock
from core.rules.admission import address_alive
from core.store import participants
from core.store.database import Database
from core.verdict import Reason
from tests.support.api import KEYS, Api, a_shop

PATH = "/conversations/bike/participants/bo/email"


async def _token(api: Api) -> Token:
    token = read_local_part((await api.get(PATH))["emailAddress"].partition("@")[0], KEYS)
    assert token is not None
    return token


async def test_an_address_is_revoked(database: Database, clock: SetClock) -> None:
    """An address that got about is made to lead nowhere, at once; the next one works."""
    async with a_shop(database, clock) as api:
        old = await _token(api)
        answer = await api.ask("DELETE", PATH)
        new = await _token(api)
        nobody = await api.ask("DELETE", "/conversations/bike/participants/eve/email")
        bo = await database.read(
            lambda session: participants.named_by(session, old.app_number, old.reference)
        )

    assert (answer.status_code, nobody.status_code) == (200, 404)
    assert address_alive(old, bo) is Reason.UNKNOWN_ADDRESS
    assert address_alive(new, bo) is None
