"""Text formatting: bold, italic, strike, code, links; safe whatever is typed."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.rendering.markup import to_html, to_text

_TAG = re.compile(r"<[^>]*>")
_ALLOWED = re.compile(
    r'</?(strong|em|s|code|a|br|span)( (dir="ltr"|href="https?://[^"<>]*"|class="[lc]"|style="[^"<>]*"))*>'
)


def _bare(html: str) -> str:
    """Return HTML without classes and styles."""
    return re.sub(r' (class|style)="[^"]*"', "", html)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param("plain", "plain", id="nothing"),
        pytest.param("*a b*", "<strong>a b</strong>", id="bold"),
        pytest.param("_a_", "<em>a</em>", id="italic"),
        pytest.param("~a~", "<s>a</s>", id="strike"),
        pytest.param("*_a_ ~b~*", "<strong><em>a</em> <s>b</s></strong>", id="one in another"),
        pytest.param("`*a*`", "<code>*a*</code>", id="code keeps its marks"),
        pytest.param("```\na\n  b```", "<code>a<br>\n&nbsp; b</code>", id="code over lines"),
        pytest.param("snake_case_name", "snake_case_name", id="no mark inside a word"),
        pytest.param("2*3*4", "2*3*4", id="no mark between digits"),
        pytest.param("* a *", "* a *", id="no mark beside a space"),
        pytest.param("*a\nb*", "*a<br>\nb*", id="no mark over lines"),
        pytest.param("(*a*)", "(<strong>a</strong>)", id="a mark in brackets"),
        pytest.param(
            "see https://x.org/a_b_c?d=1&e.",
            'see <a href="https://x.org/a_b_c?d=1&amp;e">https://x.org/a_b_c?d=1&amp;e</a>.',
            id="a URL, its underscores, and the sentence's full stop",
        ),
        pytest.param(
            "(https://x.org/A_(b))",
            '(<a href="https://x.org/A_(b)">https://x.org/A_(b)</a>)',
            id="a URL's own brackets",
        ),
        pytest.param("Www.x.org", '<a href="https://Www.x.org">Www.x.org</a>', id="www"),
        pytest.param("xhttps://y", "xhttps://y", id="no URL inside a word"),
        pytest.param("<b>&\"'", "&lt;b&gt;&amp;&#34;&#39;", id="tags are text"),
        pytest.param("javascript://x *a*", "javascript://x <strong>a</strong>", id="no script"),
        pytest.param(
            "<https://x.org|y>",
            'y <span dir="ltr">(<a href="https://x.org">https://x.org</a>)</span>',
            id="no label from a stranger",
        ),
    ],
)
def test_formatting(text: str, html: str) -> None:
    """Marks become tags at word boundaries, URLs become links, the rest is text."""
    assert _bare(to_html(text)) == html


def test_labels_are_the_apps_privilege() -> None:
    """A labelled link is a link where the author may label, and is spelt out in plain text."""
    text = "<https://x.org/1|the *table*> now"

    assert (
        _bare(to_html(text, labelled_links=True)) == '<a href="https://x.org/1">the *table*</a> now'
    )
    assert to_text(text) == "the *table* <https://x.org/1> now"
    assert '">the' not in to_html(text)


@given(st.text(st.sampled_from("*_~`<>|&\"' \n:/.()htpswx1é\u0627"), max_size=120), st.booleans())
@settings(deadline=None, max_examples=400)
def test_no_tag_but_ours(text: str, labels: bool) -> None:  # noqa: FBT001
    """Whatever is typed, only our tags come out, and no angle bracket stands outside them."""
    html = to_html(text, labelled_links=labels)

    assert all(_ALLOWED.fullmatch(tag) for tag in _TAG.findall(html))
    assert not set(_TAG.sub("", html)) & set("<>")


@pytest.mark.parametrize(
    "text", ["*a ", "<https://a|", "`", "_*~`", "https://", "((", "```", "*_", "www.", "http://x))"]
)
def test_hostile_repeats_cost_little(text: str) -> None:
    """A text made to make the pattern try again and again is rendered all the same."""
    many = text * 20_000

    html = to_html(many, labelled_links=True)

    assert len(_TAG.sub("", html)) >= len(many) // 4
