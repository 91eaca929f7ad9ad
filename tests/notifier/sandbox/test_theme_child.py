"""A theme filled in: escaped, bounded in what comes out, and whatever goes wrong is a sentence."""

import json
from typing import Any

import pytest

from notifier.sandbox.theme_child import answer

VALUES: dict[str, Any] = {
    "title": "<b>Bike & co</b>",
    "header": "<em>Hi</em>",
    "app": {"name": "Shop", "custom": {"header": "<i>no</i>", "formattedText": "<i>no</i>"}},
    "messages": [
        {
            "sender": {"name": "<script>Ann"}, "text": "<x>", "formattedText": "<strong>x</strong>",
            "answers": None, "files": [],
        }
    ],
}  # fmt: skip


def filled(source: str, form: str = "html", most: int = 1_000) -> dict[str, str]:
    """Return what becomes of a theme."""
    asked = {"templates": {form: source}, "values": VALUES, "most": most}
    told: dict[str, str] = json.loads(answer(json.dumps(asked).encode()))
    return told


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("{{ title }}", "&lt;b&gt;Bike &amp; co&lt;/b&gt;"),
        ("{{ messages[0].sender.name }}", "&lt;script&gt;Ann"),
        ("{{ messages[0].formattedText }}", "<strong>x</strong>"),
        ("{{ messages[0].text }}", "&lt;x&gt;"),
        ("{{ header }}", "<em>Hi</em>"),
        ("{{ app.custom.header }}{{ app.custom.formattedText }}", "&lt;i&gt;no&lt;/i&gt;" * 2),
        ("{{ header ~ title }}", "<em>Hi</em>&lt;b&gt;Bike &amp; co&lt;/b&gt;"),
        ("{{ '%s'|format(title) }}", "&lt;b&gt;Bike &amp; co&lt;/b&gt;"),
        ("{{ header.join([title]) }}", "&lt;b&gt;Bike &amp; co&lt;/b&gt;"),
        ("{{ header.unescape() }}", "&lt;em&gt;Hi&lt;/em&gt;"),
        ("{{ header|replace('Hi', title) }}", "<em>&lt;b&gt;Bike &amp; co&lt;/b&gt;</em>"),
        ("{{ header|string|striptags }}", "Hi"),
        ("[{{ app.custom.none }}{{ messages[7].text.more }}{{ messages[0].answers.text }}]", "[]"),
        ("<style>p{color:red}</style><p>x</p>", '<p style="color: red;">x</p>'),
    ],
)
def test_what_is_filled_in_is_escaped(source: str, says: str) -> None:
    """Only what is markup already is not; and what is missing is empty."""
    assert says in filled(source)["html"]


def test_the_text_part_is_not_escaped() -> None:
    """There it would be read."""
    assert filled("{{ title }}", "text") == {"text": "<b>Bike & co</b>"}


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("{{ 'a' * 5000 }}", id="one long word"),
        pytest.param("{% for x in range(2000) %}ab{% endfor %}", id="many short ones"),
        pytest.param("{{ '%9999d'|format(1) }}", id="a number with a width"),
        pytest.param("{{ title|indent(5000) }}{{ 'x\ny'|indent(5000) }}", id="indented"),
    ],
)
def test_more_than_may_come_out_does_not(source: str) -> None:
    """It ends as soon as it is too much."""
    assert "makes more than 1,000 characters" in filled(source)["fault"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{ 1 // 0 }}", "ZeroDivisionError"),
        ("{{ title + 1 }}", "TypeError"),
        ("{{ nothing() }}", "no mail has 'nothing'"),
        ("{{ app.none() }}", "no mail has 'none'"),
        ("{{ ''['__cla' ~ 'ss__'].mro() }}", "unsafe"),
        ("{{ title['__cla' ~ 'ss__']['__base__']() }}", ""),
        ("{{ title.format.__globals__ }}", "nothing of a theme's"),
        ("{{ '{0.__class__}'.format(title)() }}", ""),
        ("{{ messages.append(1) }}", "unsafe"),
        ("{{ app.custom.update({'a': 1}) }}", "unsafe"),
        ("{{ range(1000000) }}", "range"),
        ("{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}", "too deep"),
        ("{{" + "(" * 3_000 + "1" + ")" * 3_000 + "}}", "too deep"),
        ("{{ {{ }}", "themeHtml: line 1"),
    ],
)
def test_what_fails_is_told_in_a_sentence(source: str, words: str) -> None:
    """And nothing of Python's is reached."""
    told = filled(source)

    assert words in told["fault"]
    assert told["fault"].startswith("themeHtml: ")
