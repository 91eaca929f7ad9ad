"""Does an address lie on the open internet? Pure; the networks that do not are in a list of ours.

``ipaddress`` has an opinion too, but it is as old as the interpreter: 192.0.0.192, where a cloud
keeps its metadata, was global to Python 3.11.7 (CVE-2024-4032). So the answer here depends on
``networks.toml`` alone, which names its sources.

The trap: IPv6 has several ways to write an IPv4 address, and behind each a gateway may find IPv4
again. IPv4-mapped addresses (RFC 4291, 2.5.5.2) are judged by what they map, since the system
connects by IPv4. All others are refused whole: 6to4 and Teredo by the list, NAT64 (64:ff9b::/96,
64:ff9b:1::/48), IPv4-compatible and IPv4-translated addresses because they are outside of global
unicast, and ISATAP, which may stand in any network, by its interface identifier.
"""

import tomllib
from functools import cache
from importlib import resources
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Any

IpAddress = IPv4Address | IPv6Address

_LIST = resources.files("notifier.channels.webhook") / "networks.toml"


def is_public(address: IpAddress) -> bool:
    """Say whether an address lies on the open internet, as a host that anybody may call."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _networks("ipv4", "clouds"))
    if address.scope_id is not None:  # a zone of this machine (RFC 4007, 11)
        return False
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    return (
        any(address in network for network in _networks("global_unicast"))
        and not any(address in network for network in _networks("ipv6"))
        and not _is_isatap(address)
    )


def _is_isatap(address: IPv6Address) -> bool:
    return address.exploded[20:29] in _list()["isatap"]["identifiers"]


@cache
def _networks(*names: str) -> tuple[Any, ...]:
    """Return the networks of some tables of the list."""
    return tuple(ip_network(one) for name in names for one in _list()[name]["networks"])


@cache
def _list() -> dict[str, Any]:
    return tomllib.loads(_LIST.read_text("utf-8"))
