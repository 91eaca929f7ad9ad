"""Content blocks as plain text: every word, points in lines, addresses after their words."""

from typing import Any

import pytest

from core.content_nodes import MOST_NODES, Act, cut, length, steps
from core.content_text import Style, as_text


def _text(*children: Any) -> list[dict[str, Any]]:
    return [{"type": "text", "children": list(children)}]


def _node(kind: str, *children: Any, **more: Any) -> dict[str, Any]:
    return {"type": kind, "children": list(children), **more}


TERMS = _node("link", "the terms", url="https://terms.example.org/v2")
LISTED = _node("bulletList", _node("bulletPoint", "first"), _node("bulletPoint", "second"))
NUMBERED = _node("numberedList", _node("listItem", "Brot"), _node("listItem", "Käse"))
NESTED = _node(
    "bulletList",
    _node("bulletPoint", "果物", _node("bulletList", _node("bulletPoint", "桃"))),
    _node("bulletPoint", "魚"),
)

CASES = [
    pytest.param(_text("Read ", TERMS, "."), "Read the terms <https://terms.example.org/v2>.",
                 id="a link"),
    pytest.param(_text("Hi ", _node("bold", "now"), "!"), "Hi *now*!", id="bold"),
    pytest.param(_text(_node("italic", "ciao"), " ", _node("strikethrough", "oggi")),
                 "_ciao_ ~oggi~", id="italic and struck"),
    pytest.param(_text("run ", {"type": "codeSpan", "text": "a*b*c"}), "run `a*b*c`", id="code"),
    pytest.param(_text("Buy:", LISTED, "Thanks"), "Buy:\n- first\n- second\nThanks", id="a list"),
    pytest.param(_text(NUMBERED), "1. Brot\n2. Käse", id="numbers"),
    pytest.param(_text(_node("orderedList", _node("listItem", "x"), start=7)), "7. x", id="start"),
    pytest.param(_text(NESTED), "- 果物\n  - 桃\n- 魚", id="a list in a list"),
    pytest.param(_text("a", {"type": "lineBreak"}, "b"), "a\nb", id="a line break"),
    pytest.param(_text("Dear ", {"type": "mention", "id": "bo", "text": "Bo"}), "Dear @Bo",
                 id="a mention"),
    pytest.param(_text({"type": "customEmoji", "text": ":dance:"}), ":dance:", id="an emoji"),
    pytest.param(_text({"type": "autoLink", "url": "https://x.org", "text": "https://x.org"}),
                 "https://x.org", id="a link that is its own words"),
    pytest.param(_text({"type": "link", "url": "https://x.org"}), "https://x.org",
                 id="a link without words"),
    pytest.param(_text(_node("actionButton", "Accept", action="yes")), "Accept", id="a button"),
    pytest.param(_text(_node("sparkle", "new ", _node("glow", "things"))), "new things",
                 id="types that do not exist yet"),
    pytest.param(_text("one") + _text("two"), "one\ntwo", id="two blocks"),
    pytest.param(_text(_node("paragraph", "eins"), _node("paragraph", "zwei")), "eins\nzwei",
                 id="paragraphs"),
    pytest.param(_text(7, None, {"type": 3}, {"children": "x"}), "", id="nonsense"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "text"), CASES)
def test_content_as_text(content: list[dict[str, Any]], text: str) -> None:
    """Every node is in the text, in its place."""
    assert as_text(steps(content), Style(marks=True)) == text


@pytest.mark.parametrize(("content", "text"), CASES)
def test_content_cut_anywhere_closes_what_it_opened(
    content: list[dict[str, Any]], text: str
) -> None:
    """However little there is room for, each mark is closed, and all is said where all fits."""
    for most in range(length(content) + 1):
        run = list(cut(steps(content), most))
        marks: list[str] = []
        for step in run:
            if step.act is Act.OPEN:
                marks.append(step.mark)
            elif step.act is Act.CLOSE:
                assert marks.pop() == step.mark
        assert not marks
    assert as_text(cut(steps(content), length(content)), Style(marks=True)) == text


def test_content_of_any_depth_and_width() -> None:
    """Ten thousand levels are no exception, and a million words cost no more than the first."""
    deep: Any = "x"
    for _ in range(10_000):
        deep = _node("bold", deep)
    wide = _text(*["word "] * (MOST_NODES * 3))

    assert as_text(steps(_text(deep))) == ""
    assert as_text(steps(wide)).count("word") <= MOST_NODES
