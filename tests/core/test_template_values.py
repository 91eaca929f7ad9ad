"""Every macro that is taken is filled in, and told of on one page."""

import re
from pathlib import Path

import pytest

from core.macros import expand_text, look_up
from core.model.app import App
from core.model.conversation import Conversation
from core.model.user import User
from core.template_check import IN_URLS, MAPS, NAMES, wrong_macro
from core.template_values import TemplateSubjects, template_values

_PAGE = Path(__file__).resolve().parents[2] / "docs" / "templates.md"
_FIELDS = {"field": "in it", "a.b": "with a dot"}


def the_values(locale: str | None = "de-AT", **custom: str) -> dict[str, object]:
    """Return values of which none is empty."""
    return template_values(
        TemplateSubjects(
            App(app_id="shop", name="Shop", custom=_FIELDS | custom, default_locale="en-US"),
            User(app_id="shop", id="bo", name="Bo", locale=locale, custom=_FIELDS),
            Conversation(app_id="shop", id="bike", subject="The bike", custom=_FIELDS),
            "Ann and Cy",
            "Hello",
        )
    )


@pytest.mark.parametrize("name", [*NAMES, *(f"{one}.field" for one in MAPS)])
def test_a_macro_that_is_taken_has_a_value(name: str) -> None:
    """What the check lets in, a mail fills in."""
    assert wrong_macro(f"{{{{{name}}}}}") is None
    assert look_up(the_values(), name)


def test_the_page_tells_of_each_and_of_no_other() -> None:
    """docs/templates.md is the whole list."""
    rows = "".join(re.findall(r"^\| (`\{\{.*?) \|", _PAGE.read_text("utf-8"), re.MULTILINE))
    told = set(re.findall(r"\{\{([\w.]+)\}\}", rows))

    assert told == {*NAMES, *(f"{one}.FIELD" for one in MAPS)}
    for name in IN_URLS:
        assert f"| `{{{{{name}}}}}` |" in (_PAGE.parent / "linking-back.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{{app.custom.field}} {{user.custom.a.b}}", "in it with a dot"),
        ("[{{app.custom.none}}|{{conversation.custom.none}}|{{user.custom.}}]", "[||]"),
        ("{{recipient.locale}} {{app.id}}", "de-AT shop"),
        ("{{sender.name}}: {{messages}}", "Ann and Cy: Hello"),
    ],
)
def test_what_is_missing_is_empty(template: str, says: str) -> None:
    """And nothing else of the template is touched."""
    assert expand_text(template, the_values()) == says


@pytest.mark.parametrize(
    ("locale", "says"),
    [
        ("fr", "Bonjour"),
        ("fr-CA", "Bonjour"),
        ("FR_ca", "Bonjour"),
        ("zh-Hant-TW", "\u4f60\u597d"),
        ("zh-Hant", "\u4f60\u597d"),
        ("zh", "Hello there"),
        ("pt-BR", "Oi"),
        ("pt-PT", "Hello there"),
        ("de", "Hello there"),
        (None, "Hello there"),
    ],
)
def test_a_field_is_said_in_the_readers_language(locale: str | None, says: str) -> None:
    """The full tag, what it can be cut to, the app's default locale, the field itself."""
    fields = {"greeting": "Hello", "greeting:fr": "Bonjour", "greeting:zh-hant": "\u4f60\u597d"}
    fields |= {"greeting:pt_BR": "Oi", "greeting:en": "Hello there", "greeting:": "?"}

    assert look_up(the_values(locale, **fields), "app.custom.greeting") == says


def test_nobodys_address_is_told() -> None:
    """Whoever writes a template learns no address by it."""
    assert "email" not in str(the_values())
    assert wrong_macro("{{recipient.email}}") is not None
