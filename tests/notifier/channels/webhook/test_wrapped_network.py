"""What stands before a network changes what it is for, and hands on all else."""

from typing import Any

import httpcore
import pytest

from notifier.channels.webhook.answer_limit import LimitedAnswers
from notifier.channels.webhook.egress import PublicOnly
from notifier.channels.webhook.wrapped_network import WrappedNetwork

SAID = b"x" * (64 * 1024 + 1)
GIVEN: tuple[Any, ...] = (443, 2.5, "192.0.2.9", [(6, 1, 1)])
WRAPPERS = [WrappedNetwork, LimitedAnswers, PublicOnly]


class _Network(httpcore.AsyncMockBackend):
    """A network that answers, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__([SAID[at : at + 1_024] for at in range(0, len(SAID), 1_024)])
        self.asked: list[tuple[Any, ...]] = []

    async def connect_tcp(self, *given: Any) -> httpcore.AsyncNetworkStream:
        """Remember it, and connect."""
        self.asked.append(given)
        return await super().connect_tcp(*given)

    async def sleep(self, seconds: float) -> None:
        """Remember it."""
        self.asked.append((seconds,))


@pytest.mark.parametrize("wrapper", WRAPPERS)
async def test_what_was_asked_is_handed_on(wrapper: type[WrappedNetwork]) -> None:
    """The time, the address it comes from and the options of its socket, too."""
    network = _Network()
    await wrapper(network).connect_tcp("93.184.216.34", *GIVEN)
    await wrapper(network).sleep(0.5)

    assert network.asked == [("93.184.216.34", *GIVEN), (0.5,)]


@pytest.mark.parametrize(
    ("wrapper", "most"),
    [(WrappedNetwork, len(SAID)), (PublicOnly, len(SAID)), (LimitedAnswers, 64 * 1024)],
)
async def test_only_a_limit_ends_what_is_answered(wrapper: type[WrappedNetwork], most: int) -> None:
    """Behind both, as a call goes, it holds as well."""
    heard = []
    for network in (wrapper(_Network()), wrapper(PublicOnly(_Network()))):
        stream = await network.connect_tcp("93.184.216.34", 443)
        octets = b""
        try:
            while some := await stream.read(4_096):
                octets += some
        except httpcore.ReadError:
            assert wrapper is LimitedAnswers
        heard.append(len(octets))

    assert heard == [most, most]


async def test_the_usual_network_is_behind_it_unless_another_is_given() -> None:
    """It tries to connect, and nobody listens there."""
    with pytest.raises(httpcore.ConnectError):
        await WrappedNetwork().connect_tcp("127.0.0.1", 1, 0.5)
