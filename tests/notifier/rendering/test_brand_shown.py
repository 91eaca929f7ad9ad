"""A mail looks as its app says, in both parts, and as the role says over it."""

from dataclasses import replace
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from core.address import Keyring
from core.model.app import App
from core.model.burst import Burst
from core.model.role import Role
from core.model.user import User
from notifier.rendering.bodies import Rendered
from notifier.rendering.burst import digest_of, sender_name_of
from notifier.rendering.identity import Identity
from tests.support.bursts import a_burst, a_delivery
from tests.support.digests import render
from tests.support.people import APP, NOW

IDENTITY = Identity(
    keys=Keyring({1: b"a key of more than sixteen octets"}, 1), domain="reply.test",
    bounce_domain="bounce.test", list_domain="x.test", separator="+", from_address="n@x.test",
    from_name=None, public_url="https://n.test",
)  # fmt: skip
LOGO = "https://cdn.shop.test/logo.png"
INBOX = "https://shop.test/inbox"


def _burst(brand: dict[str, Any], said: dict[str, Any] | None = None, **role: Any) -> Burst:
    custom = {"button": "Open it", "button:fr": "Ouvrir", "team": "Bike Team"}
    app = App(app_id=APP, number=1, name="Shop", created_at=NOW, brand=brand, custom=custom)
    return replace(a_burst(said or {"text": "See https://a.test/x"}, **role), app=app)


def _rendered(burst: Burst) -> Rendered:
    return render(digest_of(burst, a_delivery(), IDENTITY))


def test_a_logo_stands_for_the_name_and_says_it() -> None:
    """Where pictures are not shown, its words are the app's name."""
    both = _rendered(_burst({"logo_url": LOGO, "logo_width": 120, "logo_height": 30}))
    (logo,) = LexborHTMLParser(both.html).css("img")

    assert logo.attributes["src"] == LOGO
    assert (logo.attributes["width"], logo.attributes["height"]) == ("120", "30")
    assert logo.attributes["alt"] == "Shop"
    assert "plate" in (logo.attributes["class"] or "")
    assert LOGO not in both.text


def test_a_logo_for_the_dark_is_there_for_those_who_ask() -> None:
    """And one that has none stands on a light ground there."""
    dark = "https://cdn.shop.test/dark.png"
    html = _rendered(_burst({"logo_url": LOGO, "logo_dark_url": dark})).html

    assert f'<source media="(prefers-color-scheme: dark)" srcset="{dark}">' in html
    assert 'class="logo bare"' in html


def test_without_a_brand_nothing_is_loaded() -> None:
    """The app's name stands in words, in our own colours."""
    html = _rendered(_burst({})).html

    assert "<img" not in html
    assert ">Shop</p>" in html
    assert "#1d4ed8" in html


def test_the_colour_is_on_links_and_buttons_everywhere() -> None:
    """None of ours is left, in words that people wrote neither."""
    html = _rendered(_burst({"accent_color": "#7a0016"}, inbox_url=INBOX, header="www.a.test")).html

    assert "#1d4ed8" not in html
    assert "#3565e6" not in html
    assert html.count('style="color:#7a0016;text-decoration:underline"') == 2
    assert "background-color:#7a0016" in html
    assert 'bgcolor="#7a0016"' in html


def test_nobody_paints_by_words() -> None:
    """What a person types is words, whatever it looks like."""
    typed = '" class="l" style="color:#1d4ed8;text-decoration:underline" #1d4ed8'
    html = _rendered(_burst({"accent_color": "#7a0016"}, {"text": typed})).html

    assert "&#34; class=&#34;l&#34; style=&#34;color:#1d4ed8;" in html


@pytest.mark.parametrize(
    ("own", "locale", "shown"),
    [
        ("Open the shop", "en", "Open the shop"),
        ("{{app.custom.button}}", "en", "Open it"),
        ("{{app.custom.button}}", "fr-CA", "Ouvrir"),
        ("{{app.custom.none}}", "en", "View conversation"),
        ("x" * 200, "en", "x" * 59 + "…"),
        ("<b>{{recipient.name}}</b>", "en", "<b>Bo</b>"),
    ],
)
def test_the_words_of_the_button(own: str, locale: str, shown: str) -> None:
    """The app's, in the reader's language, in both parts; the built-in ones if nothing is left."""
    both = _rendered(_burst({"button_text": own}, inbox_url=INBOX, locale=locale))
    (button,) = LexborHTMLParser(both.html).css(".btn")

    assert button.text() == shown
    assert f"{shown}:\n{INBOX}\n" in both.text


def test_the_postal_address_is_in_both_parts() -> None:
    """Above the way out, line by line."""
    both = _rendered(_burst({"postal_address": "Shop <Ltd>\n1 High St"}, footer="Bye"))

    assert "Bye\n\nYou get this email" in both.text
    assert "\n\nShop <Ltd>\n1 High St\n\nEmail settings" in both.text
    assert "Shop &lt;Ltd&gt;<br>1 High St</p>" in both.html


def test_a_roles_brand_wins() -> None:
    """The sellers of a shop see another colour than its buyers."""
    burst = _burst({"accent_color": "#7a0016", "postal_address": "Shop"})
    role = Role(app_id=APP, name="seller", brand={"accent_color": "#005f3c"})
    html = _rendered(replace(burst, role=role)).html

    assert "color:#005f3c" in html
    assert "#7a0016" not in html
    assert ">Shop</p>" in html


@pytest.mark.parametrize(
    ("pattern", "names", "shown"),
    [
        ("{{sender.name}} via {{app.name}}", ["Ann"], "Ann via Shop"),
        ("{{sender.name}} ({{app.custom.team}})", ["Ann"], "Ann (Bike Team)"),
        ("{{app.name}}: {{sender.name}}", ["Ann", "Carl"], "Shop: Ann and Carl"),
        ("Shop messages", ["Ann"], "Shop messages"),
        ("Shop messages", [], "Shop messages"),
        ("{{sender.name}} via {{app.name}}", [], "Shop"),
        ("{{sender.name}} via {{app.name}}", ["ceo@bank.test"], "ceo via Shop"),
        ("{{sender.name}} via {{app.name}}", ["bank.test"], "bank. test via Shop"),
        ("{{sender.name}} via {{app.name}}", ["\u202ennA"], "nnA via Shop"),
        ("{{sender.name}} via {{app.name}}", ['"Ann" <x@y.test>'], "Ann via Shop"),
        ("{{sender.name}} via {{app.name}}", ["{{app.name}}"], "{{app. name}} via Shop"),
        ("{{sender.name}} via {{app.name}}", ["A" * 60, "B" * 60], "Shop"),
        ("{{app.custom.none}}", ["Ann"], "Shop"),
        ("help@shop.test {{app.name}}", ["Ann"], "Shop"),
    ],
)
def test_the_name_in_from(pattern: str, names: list[str], shown: str) -> None:
    """As the app says; what people call themselves makes no address of it, nor hides the app."""
    said: list[dict[str, Any]] = [{"text": "Hi", "sender_id": f"u{n}"} for n in range(len(names))]
    burst = _burst({"from_name": pattern})
    nobody: dict[str, Any] = {"text": "Hi", "sender_id": None}
    messages = a_burst(*(said or [nobody])).messages
    people = {
        f"u{n}": User(app_id=APP, id=f"u{n}", name=name, created_at=NOW)
        for n, name in enumerate(names)
    }
    burst = replace(burst, messages=messages, senders=people)

    assert sender_name_of(burst, "Shop") == shown
