"""Which participant, or which delivery, does an address of ours name? And is it really ours?

``r+<token>@`` is where a participant answers, ``b+<token>@`` where a delivery bounces to,
``u+<token>@`` where a participant opts out. A token is 27 octets in lower-case base32 (RFC 4648,
6), 44 characters, matched without regard to case because mail systems change it on the way:

    octet 0       key id             which of our keys made the MAC; keys rotate
    octet 1       epoch              the participant's address epoch; raising it revokes
    octets 2-5    app number
    octets 6-13   reference          63 random bits that name the participant or delivery
    octets 14-26  MAC                HMAC-SHA256 over purpose and octets 0-13, cut to 104 bits

The trap: nothing in a token may be believed before the MAC has been compared, in constant time;
and the purpose is part of what is signed, so an opt-out token can never be used to reply. What
cannot be a token is read to the end all the same, as one that nobody signed: all guesses take the
same steps, so that their time tells nothing.
"""

import base64
import hmac
import re
import struct
from dataclasses import dataclass, field
from enum import StrEnum

_HEAD = struct.Struct(">BBIQ")
_MAC_OCTETS = 13
EPOCHS = 256  # of one participant, that a token can say
_SHAPE = re.compile("[A-Za-z2-7]{44}")
# Four bits of the last character say nothing. Only where they are 0 is it as we wrote it, so
# that a token has one spelling but for the case of its letters (RFC 4648, 3.5).
_LAST = "aqAQ"
_NOBODYS = "abcdefghijklmnopqrstuvwxyz234567nobodysatall"  # as mixed as a real one
_SEPARATORS = "+."
# From the digits of RFC 4648 to those that int() reads in base 32.
_DIGITS = str.maketrans("abcdefghijklmnopqrstuvwxyz234567", "0123456789abcdefghijklmnopqrstuv")


class Purpose(StrEnum):
    """What a token is for. The letter opens the local part and is part of what is signed."""

    REPLY = "r"
    BOUNCE = "b"
    OPT_OUT = "u"
    OPT_IN = "s"  # only in links of the opt-out page, never in an address
    FILE = "f"  # only in links
    PREFERENCES = "p"  # only in links: what somebody wants to be told of
    CHOOSE = "c"  # only in the form of that page
    HELD = "h"  # only in links: a held reply and what its owner may do with it


@dataclass(frozen=True, slots=True)
class Token:
    """What a proven token says: for which purpose, whom it names, of which epoch."""

    purpose: Purpose
    app_number: int
    reference: int
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class Keyring:
    """The secrets that sign tokens: key id (0 to 255) to octets. The current one signs."""

    keys: dict[int, bytes] = field(repr=False)
    current: int

    def sign(self, token: Token) -> str:
        """Write a token in its 44 characters."""
        head = _HEAD.pack(self.current, token.epoch % EPOCHS, token.app_number, token.reference)
        mac = _mac(self.keys[self.current], token.purpose, head)
        return base64.b32encode(head + mac).decode("ascii").rstrip("=").lower()

    def read(self, purpose: Purpose, text: str) -> Token | None:
        """Return what a token says, or None if we never signed it for this purpose."""
        shaped = _SHAPE.fullmatch(text) is not None and text[-1] in _LAST
        raw = _octets(text if shaped else _NOBODYS)
        head, mac = raw[: _HEAD.size], raw[_HEAD.size :]
        key_id, epoch, app_number, reference = _HEAD.unpack(head)
        # A forged key id is checked against a key all the same, so that timing tells nothing.
        key = self.keys.get(key_id, b"no such key")
        genuine = hmac.compare_digest(mac, _mac(key, purpose, head)) and key_id in self.keys
        return Token(purpose, app_number, reference, epoch) if genuine and shaped else None


def local_part(purpose: Purpose, token: str, separator: str = "+") -> str:
    """Return the local part that carries a token, as ``r+abc…``: 46 octets."""
    return f"{purpose}{separator}{token}"


def read_local_part(local: str, keys: Keyring) -> Token | None:
    """Return the proven token of a local part, in its plus or dot form, or None."""
    purpose = _ADDRESSABLE.get(local[:1].lower())
    if purpose is None or local[1:2] not in _SEPARATORS:  # no token of ours: read as nobody's
        purpose, local = Purpose.REPLY, ""
    return keys.read(purpose, local[2:])


def _octets(token: str) -> bytes:
    """Decode 44 characters of base32: 220 bits, the last four of which say nothing.

    The standard library's decoder looks at each character in Python, and takes ten times as long.
    """
    number = int(token.lower().translate(_DIGITS), 32)
    return (number >> 4).to_bytes(27, "big")


def _mac(key: bytes, purpose: Purpose, head: bytes) -> bytes:
    """Return the first 104 bits of the HMAC (RFC 2104, 5 allows truncation to half or more)."""
    return hmac.digest(key, purpose.encode("ascii") + b"\0" + head, "sha256")[:_MAC_OCTETS]


_ADDRESSABLE = {p.value: p for p in (Purpose.REPLY, Purpose.BOUNCE, Purpose.OPT_OUT)}
