"""Names the outside sees: a prefix and a time-ordered UUID in base62, as ``msg_0ltSg…``.

UUID version 7 (RFC 9562, 5.7) in 22 characters of an alphabet whose order is ASCII's, so ids
sort as they were made, to the millisecond.
"""

import secrets

from core.moment import Moment

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_WIDTH = 22
_PAIRS = tuple(a + b for a in _ALPHABET for b in _ALPHABET)


NO_APP_NUMBER = 0  # how the token of a bounce address names what is no app's


def new_id(prefix: str, now: Moment) -> str:
    """Return a fresh id, as ``new_id("msg", now)``."""
    return f"{prefix}_{_base62(_uuid7(now, secrets.randbits(74)))}"


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
