"""The database is out of reach: mail is put off, nothing is lost, nobody restarts anything."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.faults.forwarder import Cut, Forwarder, forwarding
from tests.faults.peer import Peer, a_reply, connected, offer, to_data
from tests.faults.process import SECONDS, Served, a_shop, an_app_in, served
from tests.support.fake_relay import FakeRelay

NOT_NOW = "451 4.3.0 "
BROKEN = (Cut.REFUSED, Cut.HUNG_UP)  # the third way, silence, takes too long for a whole process
ROOM = "/v1/shop/conversations/room-0"


@pytest.fixture
async def line(postgresql_url: str) -> AsyncIterator[Forwarder]:
    """Open a line to a fresh database."""
    async with forwarding(postgresql_url) as opened:
        yield opened


async def test_postgresql_goes_and_comes_back(line: Forwarder, tmp_path: Path) -> None:
    """While it is gone: 451, 503, alive. When it is back: the same mail, and nothing restarted."""
    secret = await an_app_in(line.url)
    async with (
        FakeRelay() as relay,
        served(tmp_path, relay_port=relay.port, database=line.url) as gateway,
        gateway.api(secret) as api,
    ):
        (address,) = await a_shop(api, 1, quiet=True)
        for how in BROKEN:
            async with connected(gateway.ports["smtp"]) as under_way:
                begun = await under_way.say(*to_data(address))
                await line.cut(how)
                down = await _while_it_is_down(api, gateway, address, under_way)
            if how is Cut.HUNG_UP:
                async with asyncio.timeout(SECONDS):
                    await line.has_turned_away(10)  # the notifier has met it too
            await line.restore()
            up = await offer(gateway.ports["smtp"], address, "Lost?", how.name)

            assert begun.startswith("354")
            assert [answer[:10] for answer in down[:2]] == [NOT_NOW, NOT_NOW]
            assert down[2:] == ["503", "UNAVAILABLE", "200"]
            assert up.startswith("250")
        ready = await api.get("/readyz")
        posted = (await api.get(f"{ROOM}/messages")).json()["data"]
        await api.put("/v1/shop/roles/default", json={"emailEnabled": True})
        await offer(gateway.ports["smtp"], address, "And told.", "told")
        async with asyncio.timeout(SECONDS):
            # a digest of what was said before may come first, not decided on until now
            await relay.mail_with(b"And told.")

        assert ready.status_code == 200
        assert len(posted) == len(BROKEN)
        assert (gateway.starts, gateway.alive) == (1, True)


async def _while_it_is_down(
    api: httpx.AsyncClient, gateway: Served, address: str, under_way: Peer
) -> list[str]:
    """Return the answers to a mail's content, to RCPT, /readyz, the API, and /healthz."""
    under_way.write(a_reply("Lost?", "lost"))
    content = await under_way.hear()
    rcpt = await offer(gateway.ports["smtp"], address, "Lost?", "lost")
    ready, asked, alive = [await api.get(path) for path in ("/readyz", ROOM, "/healthz")]
    answers = [content, rcpt, str(ready.status_code), asked.json()["errorCode"]]
    return [*answers, str(alive.status_code)]
