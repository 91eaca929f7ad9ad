"""A reply from an address that looks like its owner's own: they are told, and cannot claim it."""

import pytest

from core.actions import hold
from core.errors import InvalidRequest
from core.model.held import AuthorProof
from core.store import users
from core.store.database import Database
from tests.gateway.release.test_shown import Desk
from tests.support.people import APP
from tests.support.reception import a_gateway

# ruff: noqa: RUF001  other scripts are what is tested
ALIKE = [
    "bo@exаmple.net", "bo@xn--exmple-4nf.net", "bо@example.net", "b0@example.net",
    "bo@examp1e.net", "bo@exämple.net",
]  # fmt: skip


@pytest.fixture
async def desk(database: Database) -> Desk:
    """Open one; Bo writes from bo@example.net."""
    return Desk(await a_gateway(database))


@pytest.mark.parametrize("sender", ALIKE)
async def test_it_cannot_be_called_ones_own(desk: Desk, sender: str) -> None:
    """Though its domain surely sent it; nor by a form that somebody made."""
    one = await desk.holds("Send me the money.", sender=sender)
    await desk.change(one, proof=AuthorProof.PROVEN.value)
    page = await desk.shows(one)
    await desk.chooses(one, "mine")
    bo = await desk.gateway.database.read(lambda s: users.find(s, APP, "bo"))

    assert "looks like bo@example.net, and is another one" in page
    assert 'value="mine"' not in page
    assert 'value="post"' in page
    assert "xn--" in page or sender.rpartition("@")[2].isascii()
    assert bo is not None
    assert not bo.aliases
    assert await desk.gateway.said() == []
    with pytest.raises(InvalidRequest):
        await desk.gateway.database.read(lambda s: hold.claim_sender(s, one))


async def test_another_address_may_be_called_ones_own(desk: Desk) -> None:
    """One that looks like none of theirs, in letters of another script as well."""
    one = await desk.holds("Yes, at nine.", sender="bo@почта.рф")
    await desk.change(one, proof=AuthorProof.PROVEN.value)
    page = await desk.shows(one)
    await desk.chooses(one, "mine")
    bo = await desk.gateway.database.read(lambda s: users.find(s, APP, "bo"))

    assert "looks like" not in page
    assert "bo@xn--80a1acny.xn--p1ai (почта.рф)" in page
    assert bo is not None
    assert len(bo.aliases or ()) == 1
    assert await desk.gateway.said() == ["Yes, at nine."]
