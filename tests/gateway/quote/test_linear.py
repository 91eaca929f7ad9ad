"""Twice the mail costs about twice the work, also for a mail made to hurt."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from gateway.mail.body import Body
from gateway.quote.extract import extract
from gateway.quote.nesting import bounded
from gateway.quote.sent import Sent

REPEATS = {
    "quoted lines": lambda n: Body(text="ok\n" + "> quoted\n" * n),
    "quote signs": lambda n: Body(text="ok\n" + ">" * n),
    "On On On": lambda n: Body(text="ok\n" + "On " * n),
    "lines with On": lambda n: Body(text="ok\n" + "On Monday I went\n" * n),
    "attributions without a verb": lambda n: Body(
        text="On Tue, Jan 2, 2024 at 3:04 PM Someone <a@b.c>\n" * n
    ),
    "wrote": lambda n: Body(text="ok\n" + "wrote:\n" * n),
    "times and verbs": lambda n: Body(text="ok\n" + "on 12:30 he wrote:\n" * n),
    "From lines": lambda n: Body(text="ok\n" + "From: a\n" * n),
    "header lines": lambda n: Body(text="ok\n" + "From: a@b.c\nTo: b\nCc: c\n\n" * n),
    "unknown labels": lambda n: Body(text="ok\n" + "foo: a@b.c\n" * n),
    "dashes": lambda n: Body(text="ok\n" + "-" * n + "x"),
    "dash lines": lambda n: Body(text="ok\n" + "--\n" * n),
    "spaces": lambda n: Body(text="ok\n" + " " * n + "x"),
    "blank lines": lambda n: Body(text="ok" + "\n" * n + "end"),
    "one long line": lambda n: Body(text="word " * n),
    "angle brackets": lambda n: Body(text="On Tue, 2 Jan 2024 " + "<" * n),
    "fences": lambda n: Body(text="```\n" * n),
    "alternating quotes": lambda n: Body(text="> q\nanswer\n" * n),
    "sign-offs": lambda n: Body(text="Regards,\nBob\n\n" * n),
    "taglines": lambda n: Body(text="Sent from my iPhone\n\n" * n),
    "nested blockquotes": lambda n: Body(html="<p>ok</p>" + "<blockquote>" * n),
    "unclosed pairs": lambda n: Body(html="<p>ok</p>" + "<blockquote><div>" * n),
    "flat paragraphs": lambda n: Body(html="<p>ok</p>" + "<p>para</p>" * n),
    "cite blocks": lambda n: Body(html='<blockquote type="cite">q</blockquote>' * n),
    "containers": lambda n: Body(html="<div class=gmail_quote>a</div>" * n),
    "fonts": lambda n: Body(html="".join(f"<font size={i}><p>x" for i in range(n))),
    "list items": lambda n: Body(html="<p>ok</p><ul>" + "<li>item</li>" * n + "</ul>"),
}
SENT = Sent(text="We can ship part of the order today.\nwrote:\nquoted", name="Someone")


def _work(do: Callable[[], object]) -> int:
    """Count the calls, Python's and C's, that doing it takes."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        do()
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("name", REPEATS)
def test_p5_39_doubling_a_mail_at_most_doubles_the_work(name: str) -> None:
    """Counted in calls, so the answer is the same on every machine."""
    once, twice = REPEATS[name](1_000), REPEATS[name](2_000)
    extract(once, SENT)

    ratio = _work(lambda: extract(twice, SENT)) / _work(lambda: extract(once, SENT))

    assert ratio <= 2.5


def test_many_short_pieces_cost_little_each() -> None:
    """A line is asked once what it is, however many dashes above it may begin a signature."""
    piece = "--\n" * 60 + "> quoted\n"

    work = _work(lambda: extract(Body(text=piece * 20), SENT))

    assert work / (20 * 61) < 1_500


def test_markup_is_cut_where_it_nests_too_deep() -> None:
    """The parser's own cost grows with depth, so depth ends before it is asked."""
    markup, rest = bounded("<p>ok</p>" + "<div></b>" * 5_000)

    assert rest
    assert markup.count("<div>") == 300


def test_much_flat_markup_is_not_cut() -> None:
    """Only depth counts, not length."""
    markup = "<div><p>ok</div>" * 5_000

    assert bounded(markup) == (markup, "")


@pytest.mark.parametrize(
    "tag",
    [
        pytest.param("<p " + " ".join(f"a{n}=1" for n in range(9_000)) + ">", id="with values"),
        pytest.param("<p/" + "/".join(f"a{n}" for n in range(9_000)) + ">", id="by slashes"),
        pytest.param("<p" + "".join(f'a{n}="1"' for n in range(9_000)) + ">", id="by quotes"),
        pytest.param('<p x" ' + " ".join(f"a{n}" for n in range(9_000)) + '">', id="in quotes"),
    ],
)
def test_markup_is_cut_at_a_tag_of_too_many_attributes(tag: str) -> None:
    """Parsers compare each attribute with those before it, so their number is bounded."""
    assert bounded("<p>ok</p>" + tag) == ("<p>ok</p>", tag)
