"""What eyes do not see is written out; what they need is left."""

import pytest

from gateway.http.pages.visible import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u200bb", "a[U+200B]b"),
        ("a\u202eb\u2066c", "a[U+202E]b[U+2066]c"),
        ("a\x1b]0;b\x07", "a[U+001B]]0;b[U+0007]"),
        ("a\x9bb", "a[U+009B]b"),
        ("a\u3164b\u2800c\u115f", "a[U+3164]b[U+2800]c[U+115F]"),
        ("a\U000e0041b", "a[U+E0041]b"),
        ("a\U000e0100b", "a[U+E0100]b"),
        ("a\u200db\u200cc", "a[U+200D]b[U+200C]c"),
        ("a\ud800b", "a[U+D800]b"),
        ("\u200d", "[U+200D]"),
    ],
)
def test_what_is_hidden_is_written_out(text: str, shown: str) -> None:
    """Controls, marks of direction, blanks and tags, also where the text is long or doubled."""
    assert visible(text) == shown
    assert visible(text + "." + text) == shown + "." + shown
    assert visible("x" * 1_000_000 + text) == "x" * 1_000_000 + shown


@pytest.mark.parametrize(
    "text",
    ["", "One\n\ttwo", "می‌خواهم", "👩‍👧 ❤️", "क्‍ष", "café ß é", "שלום", "日本語。", "a\u00a0b"],
)
def test_what_belongs_to_a_script_is_left(text: str) -> None:
    """Joiners of Persian, Hindi and emoji are part of how it is written."""
    assert visible(text) in (text, text.replace("\u00a0", "[U+00A0]"))
