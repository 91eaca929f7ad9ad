"""Names the outside sees: a prefix and a time-ordered UUID in base62, as ``msg_0ltSg…``.

UUID version 7 (RFC 9562, 5.7) in 22 characters of an alphabet whose order is ASCII's, so ids
sort as they were made, to the millisecond.
"""

import secrets
import unicodedata

from core.moment import Moment
from core.unseen import without_unseen

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_WIDTH = 22
_PAIRS = tuple(a + b for a in _ALPHABET for b in _ALPHABET)

LONGEST_ID = 255
_BLANK = " "
# Controls, what is not seen or turns the direction, surrogates, line and paragraph ends, blanks
# that look like another (Unicode, 4.5).
_READ_TWO_WAYS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})

_ELSEWHERE = frozenset({".", ".."})  # RFC 3986, 5.2.4

NO_APP_NUMBER = 0  # how the token of a bounce address names what is no app's


def new_id(prefix: str, now: Moment) -> str:
    """Return a fresh id, as ``new_id("msg", now)``."""
    return f"{prefix}_{_base62(_uuid7(now, secrets.randbits(74)))}"


def wrong_with(name: str) -> str | None:
    """Return why a text that somebody chose cannot be an id, or None.

    An id stands in paths, links, logs and on terminals, and must be the same to whoever reads it.
    The category of a sign does not tell that it is unseen: joiners are marks, fillers are letters.
    The trap: servers route by the decoded path, where ``%2F`` parts what it stood in.
    """
    if not 0 < len(name) <= LONGEST_ID:  # first: the others take as long as it is
        return f"must have 1 to {LONGEST_ID} characters"
    signs = {unicodedata.category(one) for one in name if one != _BLANK}
    faults = {
        "must not contain a slash, which parts a path": "/" in name,
        "must not be dots alone, which lead elsewhere in a path": name in _ELSEWHERE,
        "must not contain control characters, unseen ones, or blanks but the plain one": (
            not signs.isdisjoint(_READ_TWO_WAYS) or without_unseen(name) != name
        ),
        "must not begin or end with a blank": name != name.strip(_BLANK),
        "must be in NFC (Unicode, UAX 15)": not unicodedata.is_normalized("NFC", name),
    }
    return next((why for why, wrong in faults.items() if wrong), None)


def new_reference() -> int:
    """Return 63 random bits: how an address token names a row without telling its id."""
    return secrets.randbits(63)


def new_number() -> int:
    """Return a random number of 31 bits: how an address token names an app."""
    return secrets.randbelow((1 << 31) - 1) + 1


def new_secret(prefix: str) -> str:
    """Return a fresh secret of 160 bits, as ``sk_live_…``."""
    return prefix + secrets.token_hex(20)


def _uuid7(now: Moment, random: int) -> int:
    """Compose the 128 bits: 48 of time, the version 7, 12 random, the variant 10, 62 random."""
    high = (now & (1 << 48) - 1) << 16 | 7 << 12 | random >> 62
    return high << 64 | 2 << 62 | random & (1 << 62) - 1


def _base62(number: int) -> str:
    """Write a number of up to 128 bits in 22 digits, two by two."""
    pairs = []
    for _ in range(_WIDTH // 2):
        number, pair = divmod(number, len(_PAIRS))
        pairs.append(_PAIRS[pair])
    return "".join(reversed(pairs))
