"""An answer below a megabyte of quotes is posted; what nobody reads is never taken for nothing."""

import pytest

from core.verdict import Accept, Reason, Reject
from gateway.mail.envelope import Envelope
from gateway.mail.long_quotes import without_middles
from gateway.mailboxes.disposition import of_reply
from gateway.reading import Reading, read

QUOTED = "> Here is a line of a very long thread, and nobody will read it twice.\r\n"
UNMARKED = QUOTED.removeprefix("> ")
WROTE = "On Mon, 15 May 2023 at 12:03, Ann (Shop) wrote:\r\n"
MANY = 21_000


def reading(text: str) -> Reading:
    """Read a mail of a plain text."""
    head = "From: Bo <bo@example.com>\r\nContent-Type: text/plain; charset=utf-8\r\n"
    return read(f"{head}\r\n{text}".encode(), Envelope("bo@example.com", ("r@notify.example",)))


@pytest.mark.parametrize(
    "answer", ["Yes, it is still here.", "Ja, um zehn.\r\n\r\nBo", "はい、まだあります。"]
)
@pytest.mark.parametrize("wrote", ["", WROTE, "Am 15.05.23 um 12:03 schrieb Ann:\r\n"])
def test_an_answer_below_a_megabyte_of_quotes_is_posted(answer: str, wrote: str) -> None:
    """However long the quote above it."""
    found = reading(wrote + QUOTED * MANY + "\r\n" + answer + "\r\n")

    assert of_reply(found) == Accept(Reason.POSTED)
    assert found.text.split()[-len(answer.split()) :] == answer.split()


def test_an_answer_above_a_megabyte_of_history_is_posted() -> None:
    """What is not read there is history, marked line by line or not at all."""
    above = "Yes, at ten.\r\n\r\n" + WROTE

    assert reading(above + QUOTED * MANY).text == "Yes, at ten."
    assert reading(above + UNMARKED * MANY).text == "Yes, at ten."
    assert of_reply(reading(above + UNMARKED * MANY)) == Accept(Reason.POSTED)


@pytest.mark.parametrize("wrote", ["", WROTE])
def test_what_might_be_theirs_and_is_not_read_is_refused(wrote: str) -> None:
    """The sender is told, for nobody can say that nothing of theirs is lost."""
    short = "ok\r\n\r\n" * MANY

    assert of_reply(reading(wrote + QUOTED + "\r\n" + short)) == Reject(
        Reason.TOO_BIG, "more lines than are read, and not all of them are quoted"
    )


@pytest.mark.parametrize(
    ("below", "verdict"), [("<b></b>", Accept), ("<b>and the pump</b>", Reject)]
)
def test_html_that_is_not_read_is_refused_if_it_says_something(
    below: str, verdict: type[Accept | Reject]
) -> None:
    """What is cut off because it nests too deep may be tags alone."""
    head = "From: Bo <bo@example.com>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    raw = f"{head}<p>Yes, at ten.</p>{'<div>' * 2_000}{below}"
    found = read(raw.encode(), Envelope("bo@example.com", ("r@notify.example",)))

    assert isinstance(of_reply(found), verdict)
    assert found.text == "Yes, at ten."


LONG = "<p>A line of a very long thread.</p>" * 9_000
HTML = {
    "gmail": '<div class="gmail_quote"><div>On Mon, 15 May 2023 at 12:03, Ann wrote:</div>'
    f"<blockquote>{LONG}</blockquote></div>",
    "apple": f'<blockquote type="cite"><div>{LONG}</div></blockquote>',
    "bare": f"<p>On Mon, 15 May 2023, Ann wrote:</p><blockquote>{LONG}</blockquote>",
    "nested": f'<blockquote type="cite"><blockquote><div>{LONG}</div></blockquote></blockquote>',
}


@pytest.mark.parametrize("quote", list(HTML.values()), ids=list(HTML))
def test_an_answer_around_a_long_quote_of_html_is_whole(quote: str) -> None:
    """What stands above it and what stands below it are read, and the rest of the quote is not."""
    head = "From: Bo <bo@example.com>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    around = Envelope("bo@example.com", ("r@notify.example",))
    above = read(f"{head}<p>Yes.</p>{quote}".encode(), around)
    both = read(f"{head}<p>Yes.</p>{quote}<p>But not on Friday.</p>".encode(), around)
    below = read(f"{head}{quote}<p>Not on Friday.</p>".encode(), around)

    assert above.text == "Yes."
    assert both.text.startswith("Yes.")
    assert both.text.endswith("But not on Friday.")
    assert below.text.endswith("Not on Friday.")
    assert {type(of_reply(one)) for one in (above, both, below)} == {Accept}


def test_only_the_middle_of_a_long_quote_goes() -> None:
    """Its ends stay, and so does every line that is not quoted."""
    lines = [f"> {number}" for number in range(1_000)]
    text = "\n".join(["mine", *lines, "", "mine, too", "> short", "and mine"])

    left = without_middles(text).split("\n")

    assert left[:3] == ["mine", "> 0", "> 1"]
    assert left[101] == "> (801 quoted lines are left out)"
    assert left[-5:] == ["> 999", "", "mine, too", "> short", "and mine"]
