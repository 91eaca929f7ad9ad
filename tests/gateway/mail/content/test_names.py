"""A file's name, made safe for every folder it may be put in."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.mail.content.names import LONGEST, clean_name

RTLO = "\u202e"


@pytest.mark.parametrize(
    ("wished", "name"),
    [
        pytest.param("../../etc/passwd", "passwd", id="a path"),
        pytest.param("C:\\Windows\\evil.exe", "evil.exe", id="a path of Windows"),
        pytest.param("folder/", "folder", id="a folder"),
        pytest.param("..", "file", id="nothing but dots"),
        pytest.param("", "file", id="nothing"),
        pytest.param(".htaccess", "htaccess", id="a hidden file"),
        pytest.param(f"annex{RTLO}gpj.exe", "annexgpj.exe", id="a turned reading direction"),
        pytest.param("a\0b\r\nc.txt", "a_b c.txt", id="control characters"),
        pytest.param("a\u200bb\u2066\u00adc.txt", "abc.txt", id="invisible characters"),
        pytest.param("Cafe\u0301.pdf", "Caf\u00e9.pdf", id="letters in pieces (NFC)"),
        pytest.param("CON.txt", "_CON.txt", id="a device of Windows"),
        pytest.param("a<b>:c?.txt", "a_b__c_.txt", id="what file systems refuse"),
        pytest.param("x" * 4_096 + ".pdf", "x" * 116 + ".pdf", id="4 KB, its ending kept"),
        pytest.param("\u6f22" * 300 + ".pdf", "\u6f22" * 65 + ".pdf", id="many octets a letter"),
        pytest.param(
            "\u0645\u06cc\u200c\u062e.txt",
            "\u0645\u06cc\u200c\u062e.txt",
            id="a joiner that belongs there",
        ),
    ],
)
def test_p7_28_a_name_is_made_safe(wished: str, name: str) -> None:
    """Nothing of a name leads out of a folder, hides or misleads."""
    assert clean_name(wished) == name


@given(st.text(max_size=300))
@settings(deadline=None, max_examples=300)
def test_any_name_is_made_safe_once(wished: str) -> None:
    """A cleaned name is short, in NFC, without separators, and cleaned for good."""
    name = clean_name(wished)

    assert 0 < len(name) <= LONGEST + 1
    assert len(name.encode()) <= 255
    assert not set(name) & set('/\\\0\r\n<>:"|?*')
    assert unicodedata.is_normalized("NFC", name)
    assert clean_name(name) == name
