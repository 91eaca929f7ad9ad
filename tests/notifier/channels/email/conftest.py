"""The stage of the relay: the transport and a real SMTP server behind it, both ways to speak."""

from collections.abc import AsyncIterator

import pytest

from tests.support.fake_relay import FakeRelay
from tests.support.relay_stage import RelayStage


@pytest.fixture(params=[True, False], ids=["pipelining", "one by one"])
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[RelayStage]:
    """Yield a relay and the server behind it."""
    async with FakeRelay(pipelining=request.param) as peer:
        stage = RelayStage(peer)
        yield stage
        await stage.transport.close()
