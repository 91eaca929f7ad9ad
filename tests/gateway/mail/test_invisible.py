# ruff: noqa: RUF001 (letters of forty languages look alike)
"""What nobody sees at the ends of a text is not posted; what changes how it looks is."""

import pytest

from gateway.mail.invisible import without_invisible_ends
from tests.support.written import bad_copies, words_in

MARK = "\ufeff"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (f"{MARK}Ja, es ist da.", "Ja, es ist da."),
        (f"{MARK}{MARK} \r\n{MARK}Oui.", "Oui."),
        (f"Yes,{MARK} it is{MARK}.\r\n{MARK}Bye", "Yes, it is.\nBye"),
        ("\u200bはい\u200b\u2060", "はい"),
        ("\u00ad\u034fYes\u2800\u3164", "Yes"),
        ("\u00a0\u3000好的\u3000", "好的"),
        ("Yes\x00\x07", "Yes"),
        ("Love it ❤\ufe0f", "Love it ❤\ufe0f"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u200fשלום!\u200f", "\u200fשלום!\u200f"),
        (f"{MARK}\u200b\u2060", ""),
        ("\u200b \u200c", ""),
        ("Yes\u200b \u200b", "Yes"),
        ("\u200f", ""),
        ("\u202b \u200f\u202c", ""),
        ("\u2067\u200d\u2069", ""),
    ],
)
def test_invisible_signs_are_not_posted(written: str, said: str) -> None:
    """At the ends; a byte order mark nowhere."""
    kind = "Content-Type: text/plain; charset=utf-8"
    page = "Content-Type: text/html; charset=utf-8"

    assert words_in(written.encode(), kind) == said
    assert words_in(f"<p>{written}</p>".encode(), page).split() == said.split()
    assert [without_invisible_ends(copy.decode()) for copy in bad_copies("Ja\ufeff".encode() * 2)]


def test_a_mark_does_not_hide_a_quote() -> None:
    """What was quoted is recognised behind it."""
    said = (
        f"Yes.\n\n{MARK}On Mon, 15 May 2023 at 12:03, Ann <ann@x.example> wrote:\n\n{MARK}> Is it?"
    )

    assert words_in(said.encode(), "Content-Type: text/plain; charset=utf-8") == "Yes."
