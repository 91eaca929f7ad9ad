"""Who offers a mail to whom: what was said in the SMTP dialogue before the content.

RFC 5321, 2.3.1: the envelope is apart from the content, and it is the envelope that decides.
"""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address


@dataclass(frozen=True, slots=True)
class Envelope:
    """The envelope of one mail. ``reverse_path`` is empty for a null reverse-path.

    ``smtputf8``: the client said so, and reads UTF-8 in our replies (RFC 6531, 3.7.4.1).
    """

    reverse_path: str
    recipients: tuple[str, ...]
    peer: str = ""
    helo: str = ""
    tls: bool = False
    smtputf8: bool = False


@lru_cache(1_000)
def address_of(peer: str) -> IPv4Address | IPv6Address | None:
    """Return a peer's address; None if it has none: a socket of this machine.

    An IPv4 one is itself also where a socket of both families wraps it.
    """
    try:
        address = ip_address(peer.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
