"""Can words be read on a colour? Contrast as WCAG 2.2 counts it, and what is moved until they can.

Colours are written ``#rrggbb``, in lower case. An app chooses one colour; which words stand on it,
and how links in it are shown on light and on dark grounds, is computed from that, so that no choice
makes a mail that cannot be read.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

READABLE = 4.5  # to 1, for words (WCAG 2.2, 1.4.3)
SEEN = 3.0  # to 1, for the edge of a button (WCAG 2.2, 1.4.11)
WHITE, BLACK = "#ffffff", "#000000"
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_STEPS = 100
# What Chromium's forced dark mode, which Android's mail programs show mails with, takes for light.
_BRIGHTNESS, _LIGHT = (0.299, 0.587, 0.114), 208 / 255
_MOST_PALER = 0.3  # of white; more would be another colour


def hex_colour(text: str) -> str | None:
    """Return a colour written ``#rgb`` or ``#rrggbb`` in its one spelling, or None."""
    if not _HEX.fullmatch(text):
        return None
    digits = text[1:].lower()
    return "#" + ("".join(one * 2 for one in digits) if len(digits) == 3 else digits)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2, contrast ratio)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def words_on(ground: str) -> str:
    """Return white or black, whichever can be read on a ground: white if both can."""
    return WHITE if contrast(WHITE, ground) >= READABLE else BLACK


def with_words(ground: str) -> tuple[str, str]:
    """Return a ground and the words on it, for a mail whose colours may be turned round.

    Black words become white there, and what they stand on must become dark. Of a yellow it does, if
    it is a little paler; a bright red or green stays, and so it is made darker and its words are
    white from the beginning.
    """
    if words_on(ground) == WHITE:
        return ground, WHITE
    paler = _paler(ground)
    if paler is not None and contrast(WHITE, _turned(paler)) >= READABLE:
        return paler, BLACK
    return moved(ground, (WHITE,)), WHITE


@lru_cache(maxsize=512)
def moved(colour: str, grounds: tuple[str, ...], least: float = READABLE) -> str:
    """Return a colour of the same hue that has at least so much contrast to each of the grounds.

    ``grounds`` are all light or all dark: on light ones it becomes darker, on dark ones lighter.
    """
    end = 0.0 if _are_light(grounds) else 1.0
    for step in range(_STEPS):
        found = _written(one + (end - one) * step / _STEPS for one in _parts(colour))
        if all(contrast(found, ground) >= least for ground in grounds):
            return found
    return BLACK if end == 0.0 else WHITE


def _paler(colour: str) -> str | None:
    """Return a colour mixed with white until it is taken for a light one, None if it takes much."""
    parts = _parts(colour)
    brightness = sum(share * one for share, one in zip(_BRIGHTNESS, parts, strict=True))
    share = max(_LIGHT - brightness, 0.0) / max(1.0 - brightness, 0.01)
    return _written(one + (1 - one) * share for one in parts) if share <= _MOST_PALER else None


def _turned(colour: str) -> str:
    """Return a colour as ``invert(1) hue-rotate(180deg)`` shows it (Filter Effects 1, 8)."""
    parts = [1 - one for one in _parts(colour)]
    rows = ((-0.574, 1.43, 0.144), (0.426, 0.43, 0.144), (0.426, 1.43, -0.856))
    return _written(
        min(max(sum(share * one for share, one in zip(row, parts, strict=True)), 0.0), 1.0)
        for row in rows
    )


def _are_light(grounds: Iterable[str]) -> bool:
    return all(contrast(BLACK, ground) > contrast(WHITE, ground) for ground in grounds)


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = bytes.fromhex(colour[1:])
    return red / 255, green / 255, blue / 255


def _written(parts: Iterable[float]) -> str:
    return "#" + bytes(round(one * 255) for one in parts).hex()


def _luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2.2), from 0 to 1."""
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in _parts(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
