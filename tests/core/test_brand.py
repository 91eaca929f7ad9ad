"""What a role says of the brand wins over what the app says, and no logo is mixed of two."""

from core.brand import Brand, brand_of

APP: dict[str, str | int] = {
    "logo_url": "https://a.test/l.png",
    "logo_dark_url": "https://a.test/d.png",
    "logo_width": 120,
    "accent_color": "#112233",
    "accent_dark_color": "#445566",
    "postal_address": "Acme, 1 High St",
}


def test_nobody_says_anything() -> None:
    """Then a mail looks as it always did."""
    assert brand_of(None, None) == brand_of({}, {}) == Brand()


def test_the_role_wins_and_the_rest_is_the_apps() -> None:
    """Field by field."""
    brand = brand_of(APP, {"postal_address": "Acme Sellers", "button_text": "Go"})

    assert brand.postal_address == "Acme Sellers"
    assert brand.button_text == "Go"
    assert brand.logo_url == "https://a.test/l.png"
    assert brand.accent_dark_color == "#445566"


def test_a_role_with_a_logo_of_its_own_does_not_take_the_dark_one_of_the_app() -> None:
    """In the dark its readers would see another company's."""
    brand = brand_of(APP, {"logo_url": "https://b.test/l.png", "accent_color": "#aa0000"})

    assert (brand.logo_url, brand.logo_dark_url, brand.logo_width) == (
        "https://b.test/l.png", None, None,
    )  # fmt: skip
    assert (brand.accent_color, brand.accent_dark_color) == ("#aa0000", None)


def test_what_a_later_version_kept_is_not_tripped_over() -> None:
    """A field nobody here knows is left out."""
    assert brand_of({"font": "Comic", "button_text": "Go"}, None) == Brand(button_text="Go")
