"""What is seen in a mail that says nothing."""

import pytest

from gateway.quote.no_words import InsteadOfWords
from gateway.reading import Ask, Depth, read
from tests.support.letters import ICON, PNG, attached, inline, mail, multi, text
from tests.support.reading import ENVELOPE

QUOTE = "On Mon, 15 May 2023 at 12:03, Ann <ann@shop.example> wrote:\r\n\r\n> Still there?\r\n"


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
    ],
)  # fmt: skip
def test_what_is_seen_is_told(part: str, seen: InsteadOfWords | None) -> None:
    """A picture, a quote, an empty file, a form for another program, or nothing at all."""
    assert read(mail(part), ENVELOPE, Ask(Depth.WHOLE)).instead is seen
