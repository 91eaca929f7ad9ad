"""Octets become the text that was meant, and no codec is a gadget."""

import encodings.aliases

import pytest

from gateway.mail.charset import codec_for, decode


@pytest.mark.parametrize(
    ("octets", "label", "text"),
    [
        pytest.param("Grüße".encode(), "utf-8", "Grüße", id="as declared"),
        pytest.param("Grüße".encode(), None, "Grüße", id="undeclared UTF-8"),
        pytest.param("Grüße".encode(), "iso-8859-1", "Grüße", id="UTF-8 that says Latin 1"),
        pytest.param("Grüße".encode("cp1252"), "iso-8859-1", "Grüße", id="Latin 1"),
        pytest.param("„Preis“ 5 €".encode("cp1252"), "iso-8859-1", "„Preis“ 5 €", id="really 1252"),
        pytest.param("Grüße".encode("cp1252"), "utf-8", "Grüße", id="1252 that says UTF-8"),
        pytest.param("镕基".encode("gb18030"), "gb2312", "镕基", id="gb18030 that says gb2312"),
        pytest.param(
            "똠방".encode("cp949"), "ks_c_5601-1987", "똠방", id="cp949 under its old name"
        ),
        pytest.param("①髙".encode("cp932"), "shift_jis", "①髙", id="cp932 that says Shift JIS"),
        pytest.param(
            "返信です".encode("iso2022_jp"), None, "返信です", id="undeclared ISO-2022-JP"
        ),
        pytest.param(
            "返信です".encode("iso2022_jp"), "us-ascii", "返信です", id="declared as ASCII"
        ),
        pytest.param("שלום".encode("cp1255"), "iso-8859-8-i", "שלום", id="logical Hebrew"),
        pytest.param(b"plain", "x-unknown", "plain", id="a label nobody knows"),
        pytest.param(b"caf\xe9", "x-unknown", "café", id="unknown label, Latin octets"),
        pytest.param(b"ok", '"utf-8"; format=flowed', "ok", id="a label with leftovers"),
    ],
)
def test_a_text_is_decoded(octets: bytes, label: str | None, text: str) -> None:
    """Declared, proven or guessed, in that order of worth."""
    assert decode(octets, label) == text


GADGETS = [
    "idna",
    "punycode",
    "unicode_escape",
    "raw_unicode_escape",
    "utf-7",
    "hex",
    "zlib",
    "rot13",
    "base64",
    "bz2",
    "mbcs",
]


@pytest.mark.parametrize("label", GADGETS)
def test_a_codec_that_is_no_charset_is_never_asked(label: str) -> None:
    """A stranger's label must not choose a codec that transforms, expands or escapes."""
    assert codec_for(label) is None
    assert decode(rb"\x41\u0042+AEE-", label) == rb"\x41\u0042+AEE-".decode("ascii")


@pytest.mark.parametrize("label", sorted({*encodings.aliases.aliases.values()}))
def test_no_codec_of_the_library_makes_it_raise(label: str) -> None:
    """Whatever name is given, there is a text."""
    assert isinstance(decode(bytes(range(256)), label), str)
