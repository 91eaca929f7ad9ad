"""The colours of a mail can be read, whichever the app chose, and however a client turns them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.brand import Brand
from core.colour import READABLE, SEEN, contrast
from notifier.rendering.palette import DARK, LIGHT, PLAIN, Palette, logo_of, palette_of
from tests.support.turned_colours import WAYS

colours = st.binary(min_size=3, max_size=3).map(lambda octets: "#" + octets.hex())


def _is_readable(palette: Palette) -> bool:
    return (
        min(contrast(palette.link, one) for one in LIGHT) >= READABLE
        and min(contrast(palette.link_dark, one) for one in DARK) >= READABLE
        and contrast(palette.on_button, palette.button) >= READABLE
        and contrast(palette.on_button_dark, palette.button_dark) >= READABLE
        and contrast(palette.edge, LIGHT[1]) >= SEEN
        and contrast(palette.edge_dark, DARK[1]) >= SEEN
    )


@given(st.none() | colours, st.none() | colours)
def test_any_colour_makes_a_mail_that_can_be_read(light: str | None, dark: str | None) -> None:
    """Links, words on buttons, and the edges of buttons."""
    assert _is_readable(palette_of(Brand(accent_color=light, accent_dark_color=dark)))


@pytest.mark.parametrize("way", WAYS)
@given(st.none() | colours)
def test_it_can_be_read_where_colours_are_turned(way: str, light: str | None) -> None:
    """In each way in which mail programs make a dark mail of a light one."""
    palette = palette_of(Brand(accent_color=light))
    pairs = [(palette.on_button, palette.button), *((palette.link, one) for one in LIGHT)]

    assert min(contrast(*WAYS[way](pair)) for pair in pairs) >= READABLE


def test_an_apps_own_colours_are_its_buttons() -> None:
    """The very colours; only what could not be read is moved."""
    palette = palette_of(Brand(accent_color="#ffeb80", accent_dark_color="#b38f00"))

    assert (palette.button, palette.button_dark) == ("#ffeb80", "#b38f00")
    assert (palette.on_button, palette.on_button_dark) == ("#000000", "#000000")
    assert palette.link != "#ffeb80"


def test_without_a_colour_it_is_ours() -> None:
    """As it was before there were brands; each of them can be read on a card."""
    assert palette_of(Brand(button_text="Go")) is PLAIN
    assert min(contrast(PLAIN.link, one) for one in LIGHT) >= READABLE
    assert min(contrast(PLAIN.link_dark, one) for one in DARK) >= READABLE
    assert contrast(PLAIN.on_button_dark, PLAIN.button_dark) >= READABLE


@pytest.mark.parametrize(
    ("brand", "size"),
    [
        (Brand(logo_url="https://a.test/l.png"), ("auto", 40)),
        (Brand(logo_url="https://a.test/l.png", logo_width=120), (120, "auto")),
        (Brand(logo_url="https://a.test/l.png", logo_width=120, logo_height=30), (120, 30)),
    ],
)
def test_the_size_of_a_logo(brand: Brand, size: tuple[int | str, int | str]) -> None:
    """As told; one side follows the other; 40 pixels high if nothing is told."""
    logo = logo_of(brand)

    assert logo is not None
    assert (logo.width, logo.height) == size


def test_what_is_no_picture_of_the_web_is_not_loaded() -> None:
    """Nor is a dark variant without a logo."""
    assert logo_of(Brand(logo_dark_url="https://a.test/d.png")) is None
    assert logo_of(Brand(logo_url="javascript:x")) is None
