"""What is seen in a mail that says nothing."""

import pytest

from core.verdict import Accept, InsteadOfWords, Reason, Reject
from gateway.mailboxes.disposition import of_reply
from gateway.reading import Ask, Depth, read
from tests.support.letters import ICON, PNG, attached, inline, mail, multi, text
from tests.support.reading import ENVELOPE
from tests.support.wordless_mails import MAILS

QUOTE = "On Mon, 15 May 2023 at 12:03, Ann <ann@shop.example> wrote:\r\n\r\n> Still there?\r\n"
MEGABYTE = b"<!-- " + b"x " * 500_000 + b"-->\r\n"
EACH = pytest.mark.parametrize(
    ("seen", "raw"), [pytest.param(seen, raw, id=f"{seen}: {name}") for seen, name, raw in MAILS]
)


@pytest.mark.parametrize(
    ("part", "seen"),
    [
        (multi("related", text("<img src=cid:a>", kind="text/html"),
               inline(ICON, "image/png", "a.png", "a")), InsteadOfWords.PICTURE),
        (text(QUOTE), InsteadOfWords.QUOTE),
        (multi("mixed", text(""), attached(b"", "application/pdf", "a.pdf")),
         InsteadOfWords.EMPTY_FILE),
        (multi("mixed", text("<p>x</p>", kind="text/x-amp-html")), InsteadOfWords.UNREADABLE),
        (text(""), InsteadOfWords.NOTHING),
        (text("  \r\n\r\n", kind="text/html"), InsteadOfWords.NOTHING),
        (text("Yes."), None),
        (multi("mixed", text(""), attached(PNG, "image/png", "a.png")), None),
        (text("<p>Yes.<img src='https://x.test/a.gif'></p>", kind="text/html"), None),
        (multi("mixed", text(QUOTE), attached(PNG, "image/png", "a.png")), None),
    ],
)  # fmt: skip
def test_what_is_seen_is_told(part: str, seen: InsteadOfWords | None) -> None:
    """A picture, a quote, an empty file, a form for another program, or nothing at all."""
    assert read(mail(part), ENVELOPE, Ask(Depth.WHOLE)).instead is seen


@EACH
def test_it_is_the_detail_of_the_refusal(seen: InsteadOfWords, raw: bytes) -> None:
    """What clients in many languages send without a word: always the same refusal, and why."""
    reading = read(raw, ENVELOPE)

    assert of_reply(reading) == Reject(Reason.NOTHING_TO_SAY, seen)
    assert (reading.text, reading.files) == ("", ())


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(attached(ICON, "image/png", "a.png"), id="the picture as a file"),
        pytest.param(multi("mixed", text("\r\n"), attached(PNG, "image/png", "a.png")), id="photo"),
        pytest.param(text("Yes, on Sunday."), id="the answer without the quote"),
        pytest.param(attached(b"x", "text/plain", "a.txt"), id="a file that is not empty"),
        pytest.param(multi("mixed", text(""), attached(b"x", "a/b", "a.bin")), id="any such"),
    ],
)
def test_what_is_advised_is_posted(part: str) -> None:
    """A sentence that says what to do is true: it helps."""
    assert of_reply(read(mail(part), ENVELOPE)) == Accept(Reason.POSTED)


def test_a_picture_of_the_conversation_is_a_picture() -> None:
    """The same photo in the page once more, as the logo of every mail of somebody's."""
    raw = mail(multi("related", text("<img src=cid:a>", kind="text/html"),
                     inline(PNG, "image/png", "a.png", "a")))  # fmt: skip
    (photo,) = read(raw, ENVELOPE).files

    assert read(raw, ENVELOPE, Ask(seen=frozenset({photo.sha256}))).instead == "picture"


def test_lines_beyond_the_limit_are_no_quote() -> None:
    """Where words may stand beyond what is read, nobody says that there was a quote alone."""
    lines = "".join(f"<p>&gt; and so on {at}</p>" for at in range(13_000))
    reading = read(mail(text(f"{lines}<p>My answer is below.</p>", kind="text/html")), ENVELOPE)

    assert getattr(of_reply(reading), "reason", None) is not Reason.NOTHING_TO_SAY


@EACH
def test_it_is_bounded_and_never_raises(seen: InsteadOfWords, raw: bytes) -> None:
    """Cut in the middle, doubled, or behind a megabyte of other text."""
    behind = raw.replace(b"\r\n\r\n", b"\r\n\r\n" + MEGABYTE, 1)
    for hurt in (raw[: len(raw) // 2], raw * 2, behind):
        reading = read(hurt, ENVELOPE)

        assert (reading.instead is None) is not reading.is_nothing, seen
