"""Who may fetch a file by a link, and until when? Whoever holds it, while its reader may read.

A link's token is 30 octets in lower-case base32, 48 characters without padding:

    octet 0       key id             which of our keys made the MAC
    octets 1-4    app number
    octets 5-12   reference          63 random bits that name the attachment
    octets 13-16  expiry             minutes since 1970, UTC
    octets 17-19  reader             24 bits of whom it was sent to, and of their address's epoch
    octets 20-29  MAC                HMAC-SHA256 over the octets before, cut to 80 bits

Fewer bits of a MAC are not recommended (RFC 2104, 5). A link was sent to one person.
Whether they are still there to read is asked when it is opened (``core.store.attachments``). Two
of a conversation may share 24 bits: the link of one who left then lives on with the other, once in
millions.

It is signed under a label of its own, so no address token can be read as one, nor the reverse.
"""

import base64
import binascii
import hmac
import struct
from dataclasses import dataclass

from core.address import Keyring
from core.moment import MINUTE, Moment

_HEAD = struct.Struct(">BIQI3s")
_LABEL = b"file link of a reader\0"
_MAC_OCTETS = 10
READERS = 1 << 24
_LENGTH = 48


@dataclass(frozen=True, slots=True)
class Link:
    """What a proven link says: which file, until when, for whom (``reader_of``)."""

    app_number: int
    reference: int
    until: Moment
    reader: int

    def holds(self, now: Moment) -> bool:
        """Tell whether the link has not expired."""
        return now < self.until


def reader_of(reference: int, epoch: int) -> int:
    """Return what names a participant, until their address is revoked, in 24 bits."""
    return (reference % READERS + epoch) % READERS


def sign(link: Link, keys: Keyring) -> str:
    """Write a link's token. The expiry is rounded up to a minute."""
    minutes = -(-link.until // MINUTE) & 0xFFFF_FFFF
    reader = link.reader.to_bytes(3, "big")
    head = _HEAD.pack(keys.current, link.app_number, link.reference, minutes, reader)
    token = head + _mac(keys.keys[keys.current], head)
    return base64.b32encode(token).decode("ascii").lower()


def read(token: str, keys: Keyring) -> Link | None:
    """Return what a token says, expired or not, or None if we never signed it."""
    if len(token) != _LENGTH or not token.isascii():  # some letters are ASCII only when made big
        return None
    try:
        raw = base64.b32decode(token.upper())
    except (binascii.Error, ValueError):
        return None
    head, mac = raw[: _HEAD.size], raw[_HEAD.size :]
    key_id, app_number, reference, minutes, reader = _HEAD.unpack(head)
    # A forged key id is checked against a key all the same, so that timing tells nothing.
    key = keys.keys.get(key_id, b"no such key")
    genuine = hmac.compare_digest(mac, _mac(key, head)) and key_id in keys.keys
    whose = int.from_bytes(reader, "big")
    return Link(app_number, reference, minutes * MINUTE, whose) if genuine else None


def _mac(key: bytes, head: bytes) -> bytes:
    return hmac.digest(key, _LABEL + head, "sha256")[:_MAC_OCTETS]
