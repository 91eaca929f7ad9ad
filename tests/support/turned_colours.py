"""How mail programs turn the colours of a light mail into dark ones, computed colour by colour.

Few of them publish how. What is seen of them is of three kinds: a filter over the whole page
(Samsung's, and browsers' extensions), each colour's lightness turned (Gmail for iOS, Outlook for
Windows), and only light grounds and dark words turned (Gmail for Android, Outlook on the web).
Chromium's forced dark mode is of the last kind, with bounds of its own (its source,
dark_mode_settings.h): words below 150 of 255 are dark, grounds above 205 light.
"""

from collections.abc import Callable

Pair = tuple[str, str]  # the colour of words, and of what they stand on
_WHITE = (0.95047, 1.0, 1.08883)  # D65


def by_filter(pair: Pair) -> Pair:
    """Turn both as ``filter: invert(1) hue-rotate(180deg)`` does (Filter Effects 1, 8)."""
    return _filtered(pair[0]), _filtered(pair[1])


def each(pair: Pair) -> Pair:
    """Turn the lightness of both."""
    return _turned(pair[0]), _turned(pair[1])


def dark_words_and_light_grounds(pair: Pair) -> Pair:
    """Turn what is dark of words, and what is light of grounds."""
    words, ground = pair
    return (
        _turned(words) if _lightness(words) < 50 else words,
        _turned(ground) if _lightness(ground) > 50 else ground,
    )


def as_chromium_does(pair: Pair) -> Pair:
    """Turn what Chromium takes for dark words and for light grounds."""
    words, ground = pair
    return (
        _turned(words) if _brightness(words) < 150 else words,
        _turned(ground) if _brightness(ground) > 205 else ground,
    )


WAYS: dict[str, Callable[[Pair], Pair]] = {
    "a filter": by_filter,
    "each colour": each,
    "some colours": dark_words_and_light_grounds,
    "Chromium": as_chromium_does,
}


def _filtered(colour: str) -> str:
    red, green, blue = (1 - one / 255 for one in bytes.fromhex(colour[1:]))
    # hue-rotate(180deg): cos is -1, sin is 0.
    rows = ((-0.574, 1.43, 0.144), (0.426, 0.43, 0.144), (0.426, 1.43, -0.856))
    return _written([row[0] * red + row[1] * green + row[2] * blue for row in rows])


def _turned(colour: str) -> str:
    """Return a colour of the opposite lightness (CIE L*a*b*)."""
    light, a, b = _lab(colour)
    return _of_lab(100 - light, a, b)


def _brightness(colour: str) -> float:
    red, green, blue = bytes.fromhex(colour[1:])
    return (red * 299 + green * 587 + blue * 114) / 1000


def _lightness(colour: str) -> float:
    return _lab(colour)[0]


def _lab(colour: str) -> tuple[float, float, float]:
    red, green, blue = (_linear(one / 255) for one in bytes.fromhex(colour[1:]))
    x, y, z = (
        _cube_root(one / white)
        for one, white in zip(
            (
                0.4124 * red + 0.3576 * green + 0.1805 * blue,
                0.2126 * red + 0.7152 * green + 0.0722 * blue,
                0.0193 * red + 0.1192 * green + 0.9505 * blue,
            ),
            _WHITE,
            strict=True,
        )
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _of_lab(light: float, a: float, b: float) -> str:
    middle = (light + 16) / 116
    x, y, z = (
        white * (one**3 if one > 6 / 29 else 3 * (6 / 29) ** 2 * (one - 4 / 29))
        for one, white in zip((middle + a / 500, middle, middle - b / 200), _WHITE, strict=True)
    )
    linear = (
        3.2406 * x - 1.5372 * y - 0.4986 * z,
        -0.9689 * x + 1.8758 * y + 0.0415 * z,
        0.0557 * x - 0.2040 * y + 1.0570 * z,
    )
    return _written([_companded(min(max(one, 0), 1)) for one in linear])


def _cube_root(one: float) -> float:
    return one ** (1 / 3) if one > (6 / 29) ** 3 else one / (3 * (6 / 29) ** 2) + 4 / 29


def _linear(one: float) -> float:
    return one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4


def _companded(one: float) -> float:
    return 12.92 * one if one <= 0.0031308 else 1.055 * one ** (1 / 2.4) - 0.055


def _written(parts: list[float]) -> str:
    return "#" + bytes(round(min(max(one, 0), 1) * 255) for one in parts).hex()
