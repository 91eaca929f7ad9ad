"""How far a call may reach."""

import asyncio
import socket
from collections.abc import Iterable
from typing import Any

import httpcore
import pytest

from notifier.channels.webhook.egress import OutOfReach, PublicOnly


class _Network(httpcore.AsyncNetworkBackend):
    """Remembers where it was asked to connect to, and never does."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.asked.append((host, port))
        raise httpcore.ConnectError("not really")


def _resolves_to(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
    """Have the resolver give these answers in turn."""
    told = iter(answers)

    async def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in next(told)]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)


async def test_p7_21_connects_to_the_address_that_was_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that would answer differently the second time is asked only once."""
    _resolves_to(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    network = _Network()

    with pytest.raises(httpcore.ConnectError, match="not really"):
        await PublicOnly(network).connect_tcp("rebinding.example", 443)

    assert network.asked == [("93.184.216.34", 443)]


async def test_passes_private_addresses_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with both kinds of addresses leads to the public one."""
    _resolves_to(monkeypatch, ["10.0.0.1", "93.184.216.34"])
    network = _Network()

    with pytest.raises(httpcore.ConnectError, match="not really"):
        await PublicOnly(network).connect_tcp("both.example", 443)

    assert network.asked == [("93.184.216.34", 443)]


async def test_a_private_name_is_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    """A public name for a private address leads nowhere."""
    _resolves_to(monkeypatch, ["10.0.0.1"])
    network = _Network()

    with pytest.raises(OutOfReach, match="not on the open internet"):
        await PublicOnly(network).connect_tcp("inside.example", 443)

    assert network.asked == []


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "::1", "localhost"])
async def test_no_spelling_leads_to_this_machine(host: str) -> None:
    """Numbers in odd notations are judged as the address they are."""
    network = _Network()

    with pytest.raises(httpcore.ConnectError):
        await PublicOnly(network).connect_tcp(host, 80)

    assert network.asked == []


@pytest.mark.parametrize("port", [22, 25, 6379])
async def test_other_services_are_out_of_reach(port: int) -> None:
    """Only the usual ports of the web are called."""
    with pytest.raises(OutOfReach, match="port"):
        await PublicOnly(_Network()).connect_tcp("93.184.216.34", port)


async def test_a_socket_of_this_machine_is_out_of_reach() -> None:
    """No call goes to a unix socket."""
    with pytest.raises(OutOfReach):
        await PublicOnly(_Network()).connect_unix_socket("/run/admin.sock")


async def test_an_unknown_name_is_a_connection_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name nobody knows is the endpoint's trouble, not ours."""

    async def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        raise socket.gaierror("no such name")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)

    with pytest.raises(httpcore.ConnectError, match="cannot be found"):
        await PublicOnly(_Network()).connect_tcp("nowhere.invalid", 443)
