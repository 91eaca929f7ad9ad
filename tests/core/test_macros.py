"""Customers' macros: values in, nothing else."""

import pytest
from markupsafe import escape

from core.macros import MAX_OUTPUT, expand, expand_text, expand_url, localised

VARIABLES = {
    "app": {"name": "Acme & Co", "custom": {"slogan": "Hi", "a.b": "dotted", "{{x": "no"}},
    "sender": {"name": "{{app.name}}"},
    "conversation": {"id": "order 1/ä&x=1"},
    "user": {"custom": {"home": "https://bo.example/in?x=1", "bad": "javascript:x"}},
    "count": 3,
    "none": None,
    "yes": True,
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        pytest.param("Hi {{app.name}}!", "Hi Acme & Co!", id="a value"),
        pytest.param("{{ app.name }}", "Acme & Co", id="spaces around a name"),
        pytest.param("[{{app.nope.x}}{{nope}}]", "[]", id="what is missing is empty"),
        pytest.param("{{app}}{{none}}{{yes}}", "", id="what is no plain value is empty"),
        pytest.param("{{count}}", "3", id="a number"),
        pytest.param("{{app.custom.a.b}}", "dotted", id="a field with a dot in its name"),
        pytest.param("{{sender.name}}", "{{app.name}}", id="a value is never expanded again"),
        pytest.param("{{app.name.__class__}}", "", id="no way into Python"),
        pytest.param("{{app.name", "{{app.name", id="an open macro is text"),
        pytest.param("{app.name} {{}}", "{app.name} {{}}", id="single braces are text"),
    ],
)
def test_macros(template: str, text: str) -> None:
    """A macro is replaced by the plain value at its path, once."""
    assert expand_text(template, VARIABLES) == text


def test_p7_20_values_are_escaped_and_the_template_is_not() -> None:
    """The customer wrote the template; strangers wrote the values."""
    written = expand("<b>{{app.name}}</b>", VARIABLES, lambda value: str(escape(value)))

    assert written == "<b>Acme &amp; Co</b>"


@pytest.mark.parametrize(
    ("template", "url"),
    [
        pytest.param(
            "https://x.org/i?c={{conversation.id}}",
            "https://x.org/i?c=order%201%2F%C3%A4%26x%3D1",
            id="a value is one component",
        ),
        pytest.param(
            "{{user.custom.home}}&c={{count}}",
            "https://bo.example/in?x=1&c=3",
            id="a value at the start is a URL",
        ),
        pytest.param("{{user.custom.bad}}", None, id="no script"),
        pytest.param("{{nope}}", None, id="nothing"),
    ],
)
def test_urls(template: str, url: str | None) -> None:
    """A URL's values are percent-encoded, and only web URLs come out."""
    assert expand_url(template, VARIABLES) == url


def test_the_output_is_limited() -> None:
    """A long value many times does not become a long mail."""
    assert len(expand_text("{{a}}" * 4_000, {"a": "x" * 10_000})) == MAX_OUTPUT


@pytest.mark.parametrize(
    ("locale", "greeting"),
    [
        pytest.param("zh-TW", "full", id="the full locale"),
        pytest.param("fr-CA", "language", id="its language"),
        pytest.param("it", "default", id="the app's default"),
    ],
)
def test_fields_have_languages(locale: str, greeting: str) -> None:
    """A custom field is read in the recipient's language if the app has it."""
    custom = {"g": "none", "g:zh-TW": "full", "g:fr": "language", "g:de": "default", "h": "h"}

    assert localised(custom, locale, "de") == {"g": greeting, "h": "h"}
    assert localised({"g": "none", "g:fr": "x"}, "it", "de")["g"] == "none"
