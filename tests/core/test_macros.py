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


_LED = {
    "user": {
        "custom": {
            "evil": ".evil.example", "slash": "evil.example/", "tenant": "acme", "deep": "a.b",
            "up": "..", "dot": ".", "port": "8443", "words": "a b", "at": "x@evil.example",
            "script": "javascript:x", "query": "a?b#c&d=/e", "crlf": "a\r\nb", "slash2": "\\evil",
        }
    },
    "app": {"custom": {"host": "shop.example", "base": "https://shop.example"}},
}  # fmt: skip


@pytest.mark.parametrize(
    ("template", "url"),
    [
        ("https://{{user.custom.tenant}}.shop.example/x", "https://acme.shop.example/x"),
        ("https://{{user.custom.deep}}.shop.example/x", "https://a.b.shop.example/x"),
        ("https://{{app.custom.host}}/x", "https://shop.example/x"),
        ("https://{{app.custom.host}}:{{user.custom.port}}/x", "https://shop.example:8443/x"),
        ("https://shop.{{user.custom.tenant}}/x", "https://shop.acme/x"),
        ("https://shop{{user.custom.tenant}}/x", "https://shopacme/x"),
        ("https://shop.example{{user.custom.evil}}/x", None),
        ("{{app.custom.base}}{{user.custom.evil}}/x", None),
        ("https://shop.example{{user.custom.at}}", None),
        ("https://{{user.custom.slash}}.shop.example/", None),
        ("https://{{user.custom.slash2}}.shop.example/", None),
        ("https://{{user.custom.words}}.shop.example/", None),
        ("https://{{user.custom.at}}.shop.example/", None),
        ("https://shop.example:{{user.custom.tenant}}/", None),
        ("https://shop.example:{{user.custom.none}}/", None),
        ("https://shop.example/a/{{user.custom.up}}/b", None),
        ("https://shop.example/a/{{user.custom.up}}", None),
        ("https://shop.example/a/{{user.custom.dot}}?c=1", None),
        ("{{app.custom.base}}/{{user.custom.up}}/", None),
        ("https://shop.example/a-{{user.custom.up}}/b", "https://shop.example/a-../b"),
        ("https://shop.example/?p={{user.custom.up}}", "https://shop.example/?p=.."),
        ("https://shop.example/#/{{user.custom.up}}/", "https://shop.example/#/../"),
        ("https://s.example/{{user.custom.query}}", "https://s.example/a%3Fb%23c%26d%3D%2Fe"),
        ("https://s.example/?{{user.custom.query}}", "https://s.example/?a%3Fb%23c%26d%3D%2Fe"),
        (
            "https://s.example/?r={{app.custom.base}}",
            "https://s.example/?r=https%3A%2F%2Fshop.example",
        ),
        ("https://s.example/{{user.custom.crlf}}", "https://s.example/a%0D%0Ab"),
        ("https://s.example/{{user.custom.script}}", "https://s.example/javascript%3Ax"),
        ("https://s.example/{{user.custom.none}}/x", "https://s.example//x"),
    ],
)
def test_no_value_leads_elsewhere(template: str, url: str | None) -> None:
    """Each in its place: a host, a port, a segment of a path, a part of a query."""
    assert expand_url(template, _LED) == url
