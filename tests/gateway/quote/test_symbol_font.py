"""A letter in a symbol font is the symbol it shows."""

import pytest

from gateway.quote.symbol_font import font_of, shown, without_private_use
from tests.support.written import bad_copies, words_in

PAGE = "Content-Type: text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        ("Bis dann <span style='font-family:Wingdings'>J</span>", "Bis dann ☺"),
        ('Tant pis <font face="Wingdings">L</font>', "Tant pis ☹"),
        ('Mah <FONT FACE="Wingdings" size=3>K</FONT>.', "Mah 😐."),
        ('A <span style="FONT-FAMILY: &quot;Wingdings&quot;">à</span> B', "A → B"),
        ("B <span style='font-size:11.0pt; font-family: wingdings, serif'>ß</span> A", "B ← A"),
        ('2 <span style="font:11pt Wingdings">è</span> 3', "2 → 3"),
        ("So <span style='mso-char-type:symbol;font-family:Wingdings'>&#61514;</span>", "So ☺"),
        ("<span style='font-family:Wingdings'>JJ</span> Ja", "☺☺ Ja"),
        ("<span style='font-family:Wingdings'><span lang=DE>J</span></span> Ja", "☺ Ja"),
        ("<span style='font-family:Wingdings'>J<span style='font-family:Arial'>Ja</span></span>",
         "☺Ja"),
        ("Done <span style='font-family:\"Wingdings 2\"'>P</span>", "Done ✓"),
        ("10 <span style='font-family:Symbol'>m</span>m", "10 μm"),
        ("<span style='font-family:Symbol'>·</span> one", "• one"),
        ("It is <b><span style='font-family:Wingdings'>J</span></b>!", "It is ☺!"),
    ],
)  # fmt: skip
def test_a_letter_in_a_symbol_font_is_its_symbol(markup: str, said: str) -> None:
    """However a program tells the font."""
    assert words_in(f"<p>{markup}</p>".encode(), PAGE).replace("*", "") == said


@pytest.mark.parametrize(
    "markup",
    [
        "J. meets you",
        "<span style='font-family:Calibri,Wingdings'>J</span>",
        "<span style='font-family:Segoe UI Symbol'>J</span>",
        "<span style='font-family:Symbola'>Ja</span>",
        "<span style='font-family:Wingdings'>Ja, das Rad ist noch da.</span>",
        "<font face='Arial'>J</font>",
        "<span style='font-weight:bold'>J</span>",
        "<span style='font:11pt Arial, Wingdings'>J</span>",
    ],
)
def test_other_letters_stay(markup: str) -> None:
    """In another font, and in one that was given to a whole text by mistake."""
    assert "J" in words_in(f"<p>Yes {markup}</p>".encode(), PAGE)
    assert font_of("", "Arial", "wingdings") == ""
    assert shown("Yes, it is.", "symbol") == "Yes, it is."


def test_a_symbol_without_its_font_is_known_where_word_wrote_it() -> None:
    """In plain text a program may leave Word's private sign for it; any other stays."""
    assert words_in("Bis dann \uf04a".encode(), "Content-Type: text/plain; charset=utf-8") == (
        "Bis dann ☺"
    )
    assert without_private_use("\uf8ff \uf0ee") == "\uf8ff \uf0ee"


@pytest.mark.parametrize("style", ["font-family:Wingdings", "font:" + "x" * 90 + " Wingdings"])
def test_bad_copies_are_read(style: str) -> None:
    """Cut, doubled or behind much else, nothing raises."""
    for copy in bad_copies(f"<p>Ja <span style='{style}'>J</span></p>".encode()):
        assert isinstance(words_in(copy, PAGE), str)
    assert font_of(";" * 100_000 + style, "", "") == ""
