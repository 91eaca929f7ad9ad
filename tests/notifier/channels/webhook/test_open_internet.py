"""Which addresses are the open internet's, whatever the interpreter's age."""

import ipaddress
from ipaddress import ip_address

import pytest

from notifier.channels.webhook.open_internet import is_public


@pytest.mark.parametrize(
    "address",
    [
        "93.184.216.34",
        "8.8.8.8",
        "2606:2800:220:1:248:1893:25c8:1946",
        "::ffff:8.8.8.8",
        "192.0.1.1",
        "168.63.129.17",
        "198.20.0.1",
        "223.255.255.255",
        "2a00:1450::5efe:1",
        "2001:200::1",
        "2001:4860:4860::8888",
        "3ffd::1",
    ],
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
        pytest.param("192.0.0.192", id="a cloud's metadata among the IETF's assignments"),
        pytest.param("192.0.0.8", id="the dummy address of an old interpreter's global"),
        pytest.param("192.0.0.170", id="how NAT64 is found"),
        pytest.param("192.0.0.9", id="a port control relay"),
        pytest.param("168.63.129.16", id="a cloud's wire server"),
        pytest.param("::ffff:168.63.129.16", id="a cloud's wire server, mapped"),
        pytest.param("::ffff:192.0.0.192", id="a cloud's metadata, mapped"),
        pytest.param("192.88.99.1", id="a 6to4 relay"),
        pytest.param("192.31.196.1", id="AS112"),
        pytest.param("192.175.48.1", id="AS112, the older"),
        pytest.param("192.52.193.1", id="AMT"),
        pytest.param("198.19.255.255", id="a benchmark"),
        pytest.param("203.0.113.7", id="documentation"),
        pytest.param("239.255.255.250", id="printers and players"),
        pytest.param("3fff::1", id="documentation of 2024"),
        pytest.param("3fff:fff:ffff::1", id="the end of it"),
        pytest.param("2001:db8:7::1", id="documentation by IPv6"),
        pytest.param("3ffe::1", id="the 6bone"),
        pytest.param("5f00::1", id="segment routing"),
        pytest.param("100::1", id="discarding"),
        pytest.param("100:0:0:1::1", id="a dummy"),
        pytest.param("2001:2::1", id="a benchmark by IPv6"),
        pytest.param("2001:20::1", id="ORCHID"),
        pytest.param("2001:4:112::1", id="AS112 by IPv6"),
        pytest.param("2620:4f:8000::1", id="AS112 by IPv6, the older"),
        pytest.param("2a00:1450::5efe:7f00:1", id="this machine through ISATAP"),
        pytest.param("2a00:1450::200:5efe:a00:1", id="a private network through ISATAP"),
        pytest.param("2a00:1450:0:0:0:5efe:808:808", id="whoever through ISATAP"),
        pytest.param("2002:a9fe:a9fe::1", id="a cloud's metadata through 6to4"),
        pytest.param("2001:0:53aa:64c:0:0:f5ff:fffe", id="a private network through Teredo"),
        pytest.param("64:ff9b::a83f:8110", id="a cloud's wire server through NAT64"),
        pytest.param("::ffff:0:127.0.0.1", id="this machine, translated"),
        pytest.param("fd20:ce::254", id="another cloud's metadata by IPv6"),
        pytest.param("fe80::1%eth0", id="a neighbour, with its zone"),
        pytest.param("2a00:1450::1%lo", id="a zone of this machine"),
        pytest.param("4000::1", id="nobody's yet"),
        pytest.param("200::1", id="nobody's any more"),
    ],
)
def test_p7_21_our_own_network_is_out_of_reach(address: str) -> None:
    """However it is spelled, no address leads back in."""
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("kind", [ipaddress.IPv4Address, ipaddress.IPv6Address])
@pytest.mark.parametrize("address", ["192.0.0.192", "::ffff:192.0.0.8", "3fff::1", "10.0.0.1"])
def test_the_interpreters_opinion_is_not_asked(
    address: str, kind: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interpreter to which everything is global changes nothing (CVE-2024-4032)."""
    monkeypatch.setattr(kind, "is_global", property(lambda _self: True))
    monkeypatch.setattr(kind, "is_private", property(lambda _self: False))

    assert not is_public(ip_address(address))
