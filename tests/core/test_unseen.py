r"""What nobody sees is shown as an escape or taken out, and words keep what belongs to them."""

import json

import pytest

from core.unseen import seen_block, seen_json, seen_line, without_unseen

_ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"

HIDDEN = [
    pytest.param("a\x1b]2;taken\x07b", r"a\x1b]2;taken\x07b", id="a terminal's title"),
    pytest.param("a\x1b[3Jb", r"a\x1b[3Jb", id="its history"),
    pytest.param("a\x1bP+q544e\x1b\\b", r"a\x1bP+q544e\x1b\b", id="a question to it"),
    pytest.param("a\x9d52;c;eA==\x9cb", r"a\x9d52;c;eA==\x9cb", id="its clipboard, by C1"),
    pytest.param("paid\x08\x08\x08\x08owed", r"paid\x08\x08\x08\x08owed", id="backspaces"),
    pytest.param("a\x00\x7f\x85b", r"a\x00\x7f\x85b", id="NUL, DEL and NEL"),
    pytest.param("txt.\u202efdp", r"txt.\u202efdp", id="an override"),
    pytest.param("\u2066a\u2069\u061cb", r"\u2066a\u2069\u061cb", id="isolates, and ALM"),
    pytest.param(
        "Zo\u200b\u00e9 \u2060K\u00adim", "Zo\\u200b\u00e9 \\u2060K\\xadim", id="no width"
    ),
    pytest.param("pay\u200dpal\u200c.com", r"pay\u200dpal\u200c.com", id="joiners in Latin"),
    pytest.param("\u3164\u115f\uffa0\u2800\u034f", r"\u3164\u115f\uffa0\u2800\u034f", id="fillers"),
    pytest.param("a\U000e0048\U000e0069b", r"a\U000e0048\U000e0069b", id="tags"),
    pytest.param(
        "\U0001f3f4\U000e0078\U000e007f", "\U0001f3f4\\U000e0078\\U000e007f", id="no flag"
    ),
    pytest.param("b\ufe0f\U000e0101c", r"b\ufe0f\U000e0101c", id="variants of a letter"),
    pytest.param("\u845b\U000e0100\U000e0101", "\u845b\U000e0100\\U000e0101", id="two variants"),
    pytest.param("\u06cc\u200c\u200c\u06cc", "\u06cc\\u200c\\u200c\u06cc", id="two joiners"),
    pytest.param("a\ud83db\udc00", r"a\ud83db\udc00", id="halves of characters"),
    pytest.param("a\u2028b\ufeff\ufff9", r"a\u2028b\ufeff\ufff9", id="separators and marks"),
]
BELONGING = [
    pytest.param("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", id="Persian"),
    pytest.param("\u0dc1\u0dca\u200d\u0dbb\u0dd3", id="Sinhala"),
    pytest.param("\u0995\u09cd\u200d\u09b7", id="Bengali"),
    pytest.param("\U0001f469\u200d\U0001f680 \u2764\ufe0f\u200d\U0001f525", id="emoji"),
    pytest.param("\U0001f3f3\ufe0f\u200d\U0001f308 1\ufe0f\u20e3", id="a flag and a key"),
    pytest.param(_ENGLAND, id="the flag of England"),
    pytest.param("\u845b\U000e0100\u98fe", id="a name's ideograph"),
    pytest.param("\u1826\u180b\u1837", id="Mongolian"),
    pytest.param("\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 Zo\u0308e", id="letters"),
]


@pytest.mark.parametrize(("text", "shown"), HIDDEN)
def test_what_nobody_sees_is_shown_as_an_escape(text: str, shown: str) -> None:
    """On a terminal, in a line and in a block, and once only."""
    assert seen_line(text) == shown
    assert seen_block(text) == shown
    assert seen_line(shown) == shown


@pytest.mark.parametrize(("text", "shown"), HIDDEN)
def test_what_nobody_sees_is_taken_out(text: str, shown: str) -> None:
    """Nothing of it is left, and all that is seen is."""
    left = without_unseen(text)

    assert seen_block(left) == left
    assert [one for one in left if one.isalnum()] == [one for one in text if one.isalnum()] or (
        any(one in "\u3164\u115f\uffa0" for one in text)  # letters, says Unicode
    )


@pytest.mark.parametrize("text", BELONGING)
def test_what_belongs_to_a_character_stays(text: str) -> None:
    """A joiner, variant or tag that says how the character before it looks is part of a word."""
    assert without_unseen(text) == seen_line(text) == seen_block(text) == text


@pytest.mark.parametrize(("text", "shown"), HIDDEN)
def test_json_says_the_same_in_signs_that_are_seen(text: str, shown: str) -> None:
    """What a program reads is what was there; what a person sees holds nothing unseen."""
    written = seen_json({text: [text]})

    assert json.loads(written) == {text: [text]}
    assert all(seen_line(line) == line for line in written.splitlines())


@pytest.mark.parametrize(("text", "shown"), HIDDEN)
@pytest.mark.parametrize("change", ["cut", "doubled", "behind much"])
def test_any_part_and_any_amount_is_shown(text: str, shown: str, change: str) -> None:
    """Cut in the middle, doubled, behind a megabyte: nothing unseen is left."""
    made = {
        "cut": text[: len(text) // 2],
        "doubled": text * 2,
        "behind much": "x " * 500_000 + text,
    }
    given = made[change]
    left = without_unseen(given), seen_line(given), seen_block(given)

    assert all(seen_block(one) == one for one in left)


def test_a_line_is_one_line_and_a_block_keeps_its_lines() -> None:
    """A newline is shown in a line; a block has it, however it was written."""
    assert seen_line("a\nb\tc\rd") == r"a\nb\tc\rd"
    assert seen_block("a\r\nb\rc\n\td") == "a\nb\nc\n    d"
