"""An id that somebody chose is the same to whoever reads it."""

import pytest

from core.ids import wrong_with

READ_TWO_WAYS = {
    "nothing": "",
    "a slash": "bo/sessions/1",
    "a slash alone": "/",
    "a dot": ".",
    "two dots": "..",
    "a line feed": "bo\nann",
    "an escape": "bo\x1b[2J",
    "a control of C1": "bo\x9b2J",
    "a turned direction": "bo\u202egpj",
    "an isolate": "\u2067bo",
    "a zero-width space": "b\u200bo",
    "a soft hyphen": "b\u00ado",
    "a byte order mark": "\ufeffbo",
    "a tag": "bo\U000e0041",
    "a no-break space": "bo\u00a0ann",
    "an ideographic space": "bo\u3000ann",
    "a line separator": "bo\u2028ann",
    "a blank at the end": "bo ",
    "a mark apart": "jose\u0301",
    "an angstrom sign": "\u212b",
    "a lone surrogate": "bo\ud800",
    "a joiner of graphemes": "bo\u034f",
    "a Hangul filler": "b\u3164o",
    "a half-width filler": "bo\uffa0",
    "a Hangul choseong filler": "\u115fbo",
    "a variant of a letter": "bo\ufe0f",
    "a variant of an ideograph, of a letter": "b\U000e0100o",
    "an empty pattern of Braille": "bo\u2800",
    "a Khmer vowel that is not written": "bo\u17b4",
    "a Mongolian variant": "bo\u180b",
    "two variants of one emoji": "👍\ufe0f\ufe0f",
    "an unassigned that is ignored": "bo\U000e0fff",
    "60,000 letters": "b" * 60_000,
}
IDS = [
    "bo",
    "a b",
    "bo@example.org",
    "49:7",
    "a%2Fb",
    "...",
    "josé",
    "北京",
    "👍",
    "👍\ufe0f",
    "葛\U000e0100",
    "⠃⠕",
    "한글",
    "b" * 255,
    "a\\b",
]


@pytest.mark.parametrize("name", READ_TWO_WAYS.values(), ids=READ_TWO_WAYS)
def test_what_is_read_two_ways_is_no_id(name: str) -> None:
    """With the reason; behind a megabyte of other text as well."""
    assert wrong_with(name)
    assert wrong_with("x" * 1_000_000 + name)


@pytest.mark.parametrize("name", IDS)
def test_what_apps_name_things_is_an_id(name: str) -> None:
    """In any script, with what else stands in the keys of databases."""
    assert wrong_with(name) is None
