"""An app names the hosts from which mails may load pictures; what is no host's name is refused."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.clock import SetClock
from core.store.database import Database
from tests.support.api import Api, a_shop


@pytest.fixture
async def shop(database: Database, clock: SetClock) -> AsyncIterator[Api]:
    """Open the API of a shop."""
    async with a_shop(database, clock) as one:
        yield one


async def test_hosts_are_named_kept_and_taken_away(shop: Api) -> None:
    """Nobody's by default; compared in lower case; left alone where nothing is said of them."""
    before = await shop.get("")
    await shop.ask("PUT", "", {"photoHosts": ["Photos.Shop.test", "xn--strae-oqa.test"]})
    await shop.ask("PUT", "", {"name": "The shop"})
    named = await shop.get("")
    await shop.ask("PUT", "", {"photoHosts": None})

    assert before["photoHosts"] == []
    assert named["photoHosts"] == ["photos.shop.test", "xn--strae-oqa.test"]
    assert (await shop.get(""))["photoHosts"] == []


@pytest.mark.parametrize(
    "hosts",
    [
        pytest.param("photos.shop.test", id="no list"),
        pytest.param(["https://photos.shop.test"], id="a URL"),
        pytest.param(["photos.shop.test/"], id="a path"),
        pytest.param(["photos.shop.test:8443"], id="a port"),
        pytest.param(["me@photos.shop.test"], id="a user"),
        pytest.param(["*"], id="every host"),
        pytest.param(["*.shop.test"], id="all below"),
        pytest.param([".shop.test"], id="all below, otherwise written"),
        pytest.param(["shop..test"], id="an empty label"),
        pytest.param(["-shop.test"], id="a hyphen in front"),
        pytest.param(["stra\u00dfe.test"], id="a name that two read differently"),
        pytest.param(["photos.shop.test\n"], id="a line end"),
        pytest.param(["photos.shop.test\0"], id="a NUL"),
        pytest.param(["a" * 64 + ".test"], id="a label that is too long"),
        pytest.param(["a." * 127 + "test"], id="a name that is too long"),
        pytest.param(["x" * 500_000], id="half a megabyte"),
        pytest.param([""], id="nothing"),
        pytest.param([f"h{n}.test" for n in range(21)], id="too many"),
        pytest.param([7], id="a number"),
    ],
)
async def test_what_is_no_hosts_name_is_refused(shop: Api, hosts: Any) -> None:
    """It would name another host to some mail program, or none."""
    refused = await shop.ask("PUT", "", {"photoHosts": hosts})

    assert (refused.status_code, refused.json()["errorCode"]) == (400, "INVALID_ARGUMENT")
    assert (await shop.get(""))["photoHosts"] == []
