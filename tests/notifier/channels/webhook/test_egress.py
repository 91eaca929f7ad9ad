"""How far a call may reach."""

import asyncio
import socket
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any

import httpcore
import pytest

from notifier.channels.webhook.egress import OutOfReach, PublicOnly, is_public


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8"],
)
def test_the_open_internet_is_within_reach(address: str) -> None:
    """An address anybody can reach, we may."""
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("127.0.0.1", id="this machine"),
        pytest.param("127.9.9.9", id="this machine by another number"),
        pytest.param("0.0.0.0", id="this machine as nobody"),
        pytest.param("10.1.2.3", id="a private network"),
        pytest.param("172.16.0.1", id="another private network"),
        pytest.param("192.168.1.1", id="a home's router"),
        pytest.param("100.64.0.1", id="a carrier's network"),
        pytest.param("100.100.100.200", id="a cloud's metadata in a carrier's network"),
        pytest.param("169.254.169.254", id="a cloud's metadata"),
        pytest.param("224.0.0.1", id="everybody at once"),
        pytest.param("255.255.255.255", id="a broadcast"),
        pytest.param("240.0.0.1", id="nobody yet"),
        pytest.param("::", id="this machine as nobody, by IPv6"),
        pytest.param("::1", id="this machine by IPv6"),
        pytest.param("fe80::1", id="a neighbour by IPv6"),
        pytest.param("fc00::1", id="a private network by IPv6"),
        pytest.param("fd00:ec2::254", id="a cloud's metadata by IPv6"),
        pytest.param("fec0::1", id="an old private network by IPv6"),
        pytest.param("ff02::1", id="all neighbours by IPv6"),
        pytest.param("::ffff:127.0.0.1", id="this machine, mapped"),
        pytest.param("::ffff:169.254.169.254", id="a cloud's metadata, mapped"),
        pytest.param("64:ff9b::7f00:1", id="this machine through NAT64"),
        pytest.param("64:ff9b:1::a00:1", id="a private network through a local NAT64"),
        pytest.param("2002:7f00:1::", id="this machine through 6to4"),
        pytest.param("2001:0:7f00:1::", id="this machine through Teredo"),
        pytest.param("::7f00:1", id="this machine in the oldest spelling"),
    ],
)
def test_p7_21_our_own_network_is_out_of_reach(address: str) -> None:
    """However it is spelled, no address leads back in."""
    assert not is_public(ip_address(address))


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
