"""Content blocks in a mail: their structure in both parts, and nothing of theirs beside it."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from core.content_nodes import steps
from core.content_text import as_text
from notifier.rendering.content_html import content_html
from notifier.rendering.digest import Answered
from tests.core.test_content_text import CASES
from tests.support.digests import a_digest, a_message, render

_STYLE = re.compile(r' (class|style)="[^"]*"')
TERMS = "https://terms.example.org/v2"


def _text(*children: Any) -> list[dict[str, Any]]:
    return [{"type": "text", "children": list(children)}]


def _node(kind: str, *children: Any, **more: Any) -> dict[str, Any]:
    return {"type": kind, "children": list(children), **more}


def _html(content: list[dict[str, Any]]) -> str:
    return _STYLE.sub("", content_html(steps(content), labelled=False, place="Open the map"))


@pytest.mark.parametrize(
    ("content", "html"),
    [
        pytest.param(
            _text("Read ", _node("link", "the terms", url=TERMS)),
            f'Read the terms <span dir="ltr">(<a href="{TERMS}">{TERMS}</a>)</span>', id="a link",
        ),
        pytest.param(
            _text(_node("bold", "a ", _node("italic", "b"))), "<strong>a <em>b</em></strong>",
            id="bold and italic",
        ),
        pytest.param(_text(_node("strikethrough", "x")), "<s>x</s>", id="struck"),
        pytest.param(
            _text({"type": "codeSpan", "text": "<b> *x*"}), "<code>&lt;b&gt; *x*</code>", id="code"
        ),
        pytest.param(
            _text("a", _node("bulletList", _node("bulletPoint", "b")), "c"),
            "a<ul><li>b</li></ul>c", id="a list",
        ),
        pytest.param(
            _text(_node("numberedList", _node("listItem", "b"), start=3)),
            '<ol start="3"><li>b</li></ol>', id="numbers",
        ),
        pytest.param(_text("a", {"type": "lineBreak"}, "b"), "a<br>\nb", id="a line break"),
        pytest.param(
            _text({"type": "mention", "id": "bo", "text": "Bo_B_"}),
            "<strong>@Bo_B_</strong>", id="a mention",
        ),
        pytest.param(_text({"type": "customEmoji", "text": ":dance:"}), ":dance:", id="an emoji"),
        pytest.param(_text("a") + _text("b"), "a<br>\nb", id="two blocks"),
        pytest.param(
            [*_text("x <script>"), {"type": "location", "latitude": 1.5, "longitude": 2}],
            'x &lt;script&gt;<br>\n\U0001f4cd <a href="https://www.openstreetmap.org/?mlat=1.5'
            '&amp;mlon=2#map=16/1.5/2">Open the map</a> <span dir="ltr">(1.5, 2)</span>',
            id="a place in its place",
        ),
        pytest.param(
            _text(_node("link", "a ", _node("bold", "b"), url="javascript:alert(1)")),
            "a <strong>b</strong> (javascript:alert(1))", id="a link to nowhere is words",
        ),
        pytest.param(
            _text(_node("link", "write", url="mailto:ann@example.org")),
            "write (mailto:ann@example.org)", id="an address to write to",
        ),
    ],
)  # fmt: skip
def test_content_as_html(content: list[dict[str, Any]], html: str) -> None:
    """Each node is the tag that means it."""
    assert _html(content) == html


@pytest.mark.parametrize(("content", "text"), CASES)
def test_both_parts_have_every_word(content: list[dict[str, Any]], text: str) -> None:
    """What the text part says, the HTML part says."""
    both = render(a_digest(a_message("", content=content)))
    seen = LexborHTMLParser(both.html).text()

    assert text in both.text
    assert [word for word in re.findall(r"\w+", as_text(steps(content))) if word not in seen] == []


@pytest.mark.parametrize(("content", "text"), CASES)
def test_content_behind_a_megabyte(content: list[dict[str, Any]], text: str) -> None:
    """Much text before it, or all of it twice, is cut and said to be cut."""
    long = _text("so it goes. " * 90_000)
    both = render(a_digest(a_message("", content=[*long, *content, *content])))

    assert "[This message was shortened.]" in both.text
    assert len(both.html) < 60_000


def test_a_reply_shows_what_it_answers() -> None:
    """A short line of it stands above the answer, in both parts, however long it was."""
    answers = Answered("Cy", "Is it\nstill *there*? " + "Well. " * 500)
    both = render(a_digest(a_message("Yes!", answers=answers)))

    assert "[Cy: Is it still *there*? Well." in both.text
    assert both.html.index("Cy: Is it still *there*?") < both.html.rindex("Yes!")
    assert both.text.count("Well.") < 25


def test_what_says_nothing_is_not_shown() -> None:
    """A message that was deleted, or has no words, leaves no line."""
    both = render(a_digest(a_message("Yes!", answers=Answered("Cy", "\u202e "))))

    assert "Cy" not in both.text
    assert 'class="re"' not in both.html


json_like = st.recursive(
    st.text(max_size=20) | st.integers() | st.none(),
    lambda inner: st.lists(inner, max_size=4)
    | st.fixed_dictionaries(
        {"type": st.sampled_from(["bold", "link", "bulletList", "bulletPoint", "codeSpan", "x"])},
        optional={"children": st.lists(inner, max_size=4), "text": st.text(max_size=20),
                  "url": st.text(max_size=30), "start": st.integers()},
    ),
    max_leaves=25,
)  # fmt: skip


@given(st.lists(json_like, max_size=4))
@settings(deadline=None, max_examples=200)
def test_any_content_is_a_page_of_ours(children: list[Any]) -> None:
    """Whatever is sent as content, tags are ours and balanced, and no angle bracket is left."""
    html = content_html(steps(_text(*children)), labelled=True, place="x")
    tags = re.findall(r"<(/?)(\w+)[^>]*>", html)
    opened: list[str] = []
    for closing, name in tags:
        if closing:
            assert opened.pop() == name
        elif name != "br":
            opened.append(name)

    assert not opened
    assert {name for _, name in tags} <= {"strong", "ul", "ol", "li", "a", "span", "code", "br"}
    assert not set(re.sub(r"<[^>]*>", "", html)) & set("<>")
