"""What holds for every mail, also one that nobody would write."""

import email
import string

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.mail.body import Body, read_body
from gateway.quote.extract import extract
from gateway.quote.extraction import ReplyKind
from gateway.quote.sent import Sent

PIECES = st.sampled_from(
    [
        "On Tue, Jan 2, 2024 at 3:04 PM A <a@b.c> wrote:",
        "> q",
        ">",
        "From: a@b.c",
        "Sent: 1.2.2024",
        "-- ",
        "--",
        "____",
        "Sent from my iPhone",
        "```",
        "-----Original Message-----",
        "",
        "Yes.",
        "Regards,",
        "Kim",
        "tel +49 30 123456",
        "wrote:",
        "<",
        "| bar",
        "To: b",
        "Subject: x",
    ]
)
TAGS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<blockquote type=cite>",
        "</blockquote>",
        "<div class=gmail_quote>",
        "</div>",
        "<br>",
        "text",
        "<hr id=zwchr>",
        "<td>",
        "<table role=presentation>",
        "rjd-0123456789ab",
        "<li>",
        "<a href='javascript:x'>",
        "<!--",
        "<style>",
        "&gt; q",
        '<b style="display:none">',
    ]
)
WORDS = st.text(alphabet=string.ascii_lowercase, min_size=9, max_size=14)


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=600))
def test_arbitrary_octets_never_raise(raw: bytes) -> None:
    """A stranger's octets are at worst an empty reply."""
    reply = extract(read_body(email.message_from_bytes(raw)))

    assert 0.0 <= reply.confidence <= 1.0


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECES | st.text(max_size=30), max_size=30), st.booleans())
def test_kept_and_folded_lines_are_the_whole_text(lines: list[str], told: bool) -> None:  # noqa: FBT001
    """Nothing is deleted, only folded."""
    text = "\n".join(lines).replace("\r\n", "\n").replace("\r", "\n")
    sent = (Sent(text="Yes.\nq\nKim", name="A", address="a@b.c"),) if told else ()

    reply = extract(Body(text=text), *sent)

    assert "\n".join(cut.text for cut in reply.cuts) == text


@settings(deadline=None, max_examples=200)
@given(st.lists(TAGS, max_size=40))
def test_any_markup_is_read(pieces: list[str]) -> None:
    """Tags in any order neither raise nor leave a script in the HTML."""
    reply = extract(Body(html="".join(pieces)))

    assert "javascript" not in (reply.html or "")


@settings(deadline=None, max_examples=200)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=8), min_size=1, max_size=12))
def test_text_without_any_evidence_is_never_folded(paragraphs: list[list[str]]) -> None:
    """What we did not send and nothing marks is the sender's."""
    text = "\n\n".join(" ".join(words) for words in paragraphs)

    reply = extract(Body(text=text), Sent(text="Something else entirely was sent to them."))

    assert reply.text == text
    assert all(cut.kept for cut in reply.cuts)
    assert reply.kind is ReplyKind.REPLY


@settings(deadline=None, max_examples=200)
@given(st.lists(PIECES, min_size=1, max_size=12))
def test_a_reply_is_not_empty_while_unquoted_words_exist(lines: list[str]) -> None:
    """A line of the sender's in the mail means a reply that says something."""
    reply = extract(Body(text="\n".join(["Good morning to all of you", *lines])))

    assert "Good morning to all of you" in reply.text
