"""The relay keeps every promise of a transport, over real sockets."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.config.ways_out import Relay as RelaySettings
from notifier.transports.relay import Relay
from tests.contracts.transport import TransportContract, a_parcel
from tests.support.fake_relay import FakeRelay


def settings_for(peer: FakeRelay, **changes: Any) -> RelaySettings:
    """Return the settings that lead to a fake relay."""
    return RelaySettings(
        **{"host": peer.host, "port": peer.port, "timeout_seconds": 5, "ehlo_name": "us.test"}
        | changes
    )


class _Stage:
    def __init__(self, peer: FakeRelay) -> None:
        self.peer = peer
        self.transport = Relay(settings_for(peer))

    def refuse(self, step: str, reply: str) -> None:
        self.peer.refuse(step, reply)

    def drop(self, step: str) -> None:
        self.peer.drop(step)

    def received(self) -> list[bytes]:
        return [mail.content for mail in self.peer.mails]


@pytest.fixture(params=[True, False], ids=["pipelining", "one by one"])
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[_Stage]:
    """Yield a relay and the server behind it."""
    async with FakeRelay(pipelining=request.param) as peer:
        stage = _Stage(peer)
        yield stage
        await stage.transport.close()


class TestRelay(TransportContract):
    """The contract, over SMTP."""

    async def test_a_connection_is_kept(self, stage: _Stage) -> None:
        """Mails follow each other on one line."""
        for number in range(3):
            await stage.transport.send(a_parcel(number))

        assert [mail.connection for mail in stage.peer.mails] == [1, 1, 1]
