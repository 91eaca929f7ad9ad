"""Which colours does a mail have? The app's one colour, made readable wherever it stands.

Links stand on the card and on what was said, in light and in dark; a button has words on it and
an edge, so that a pale one is still seen to be a button. The dark colours are for mail programs
that ask for them. Others invert colours by themselves, and what is readable here is so there.
"""

from dataclasses import dataclass
from functools import lru_cache

from core.brand import Brand
from core.colour import SEEN, moved, with_words, words_on
from core.web import web_url

# What the page is made of (templates/email.html): page, card, what was said.
# Buttons stand on the card alone.
LIGHT = ("#f3f4f7", "#ffffff", "#f1f3f7")
DARK = ("#15171c", "#1f2228", "#2c313a")
_HEIGHT = 40  # of a logo whose size is not told


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of links and buttons, as ``#rrggbb``."""

    link: str = "#1d4ed8"
    button: str = "#1d4ed8"
    on_button: str = "#ffffff"
    edge: str = "#1d4ed8"
    link_dark: str = "#8fb4ff"
    button_dark: str = "#3565e6"
    on_button_dark: str = "#ffffff"
    edge_dark: str = "#3565e6"


PLAIN = Palette()


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture in place of the app's name; a side of ``auto`` follows the other.

    ``ground``: the class of what a logo without a dark variant stands on in the dark.
    """

    url: str
    dark_url: str | None
    width: int | str
    height: int | str
    ground: str

    @property
    def styled(self) -> tuple[str, str]:
        """Return its width and height in CSS: one is free, or its words would have no room."""
        return (
            (f"{self.width}px", "auto") if self.height == "auto" else ("auto", f"{self.height}px")
        )


def palette_of(brand: Brand) -> Palette:
    """Return the colours of a brand, or those of no brand."""
    if brand.accent_color is None and brand.accent_dark_color is None:
        return PLAIN
    return _palette(brand.accent_color, brand.accent_dark_color)


def logo_of(brand: Brand) -> Logo | None:
    """Return the logo of a brand, if a mail may load it."""
    url = web_url(brand.logo_url)
    if url is None:
        return None
    dark, width = web_url(brand.logo_dark_url), brand.logo_width
    height = brand.logo_height or ("auto" if width else _HEIGHT)
    return Logo(url, dark, width or "auto", height, "bare" if dark else "plate")


@lru_cache(maxsize=512)
def _palette(light: str | None, dark: str | None) -> Palette:
    in_light = light or PLAIN.button
    in_dark = dark or in_light
    button, on_button = with_words(in_light)
    return Palette(
        link=moved(in_light, LIGHT),
        button=button,
        on_button=on_button,
        edge=moved(button, LIGHT[1:2], SEEN),
        link_dark=moved(in_dark, DARK),
        button_dark=in_dark,  # nobody turns what is dark already
        on_button_dark=words_on(in_dark),
        edge_dark=moved(in_dark, DARK[1:2], SEEN),
    )
