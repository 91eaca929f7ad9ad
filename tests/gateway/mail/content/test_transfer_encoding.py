"""A text is read through its transfer encoding, however that is labelled and written."""

import base64
import gzip

import pytest

from gateway.mail.content.transfer_encoding import encoding_of, undo
from tests.support.written import bad_copies, words_in

UTF_8 = "Content-Type: text/plain; charset=utf-8"
CTE = "Content-Transfer-Encoding: "
SAID = "Größe 42 paßt, bis Freitag."
QP = b"Gr=C3=B6=C3=9Fe 42 pa=C3=9Ft, =\r\nbis Freitag."


@pytest.mark.parametrize(
    "label",
    [
        "quoted-printable",
        "quoted-printable \t",
        "Quoted-Printable",
        "QUOTED-PRINTABLE (as ever)",
        "(of old) quoted-printable",
        '"quoted-printable"',
        "'quoted-printable'",
        "quoted-printable;",
        "quoted-printable; charset=utf-8",
        "quoted_printable",
        "quoted printable",
        "quoted-printeable",
        "quoted-print",
        "quotedprintable",
        "quoted-printable\r\n ",
        "\r\n\tquoted-printable",
        f"8bit\r\n{CTE}quoted-printable",
        f"quoted-printable\r\n{CTE}7bit",
        "7bit",
        "8bit",
    ],
)
def test_a_label_is_known_however_it_is_written(label: str) -> None:
    """Blanks, comments, quotes, a parameter, a second header: or the text shows it alone."""
    assert words_in(QP, UTF_8, CTE + label) == SAID


@pytest.mark.parametrize(
    ("written", "said"),
    [
        pytest.param(b"It is still he= \r\nre.", "It is still here.", id="a blank behind"),
        pytest.param("Oui, déjà là".encode(), "Oui, déjà là", id="8-bit within"),
        pytest.param(b"d=e9j=c3=a0 =\t \r\nl=C3=A0", "d\ufffdjà là", id="small digits, a tab"),
        pytest.param(b"2+2=4, a=b, x==y, =G1 50=%", "2+2=4, a=b, x==y, =G1 50=%", id="no escapes"),
        pytest.param(b"Ja, gern=", "Ja, gern", id="a break at the end"),
        pytest.param(b"Ja,=\r gern", "Ja,=\n gern", id="a bare CR"),
        pytest.param(b"Ja  \r\n=20 gern\t\r\n", "Ja\n  gern", id="blanks at ends of lines"),
        pytest.param(b"\xc3=BC ber", "ü ber", id="half of a letter escaped"),
    ],
)
def test_quoted_printable_is_undone_as_it_is_really_written(written: bytes, said: str) -> None:
    """What is no escape stays, and what was added on the way goes (RFC 2045, 6.7)."""
    assert words_in(written, UTF_8, CTE + "quoted-printable") == said


@pytest.mark.parametrize("label", ["7bit", "8bit", "x-none"])
def test_a_short_text_is_undone_without_a_soft_break(label: str) -> None:
    """Several words with escaped letters of UTF-8 are in quoted-printable, whatever the label."""
    for said in ("Schöne Grüße, die Größe paßt.", "Да, он ещё здесь.", "Ça te plaît ? Déjà là."):
        written = "".join(
            sign if sign.isascii() else "".join(f"={octet:02X}" for octet in sign.encode())
            for sign in said
        )

        assert words_in(written.encode(), UTF_8, CTE + label) == said


def test_a_signature_line_keeps_its_blank() -> None:
    """Whoever wrote "-- " meant it (RFC 3676, 4.3), encoded or not."""
    assert words_in(b"Ja.\r\n-- \r\nBo Berg", UTF_8, CTE + "quoted-printable") == "Ja."


@pytest.mark.parametrize(
    "words",
    [
        "In your mail I see Gr=C3=BC=C3=9Fe where it should be an umlaut.",
        "Gr=C3=BC=C3=9Fe is what it says, and =C3=A4 stands for ä, or a=3Db.",
        "It ends in =20 each time\r\nand =3D stands there.",
        "x=\r\ny=4",
        "The key is\r\nQmxhY2s=",
        "SGFsbG8gV2VsdA==",
        "aGVsbG8gaGVsbG8gaGVsbG8gaGVsbG8",
        "VGhpcyBpcyB0aGUga2V5LCBrZWVwIGl0 is my key, it starts with VGhp.",
    ],
)
@pytest.mark.parametrize("label", ["7bit", "8bit", "x-none"])
def test_who_writes_about_an_encoding_is_left_alone(words: str, label: str) -> None:
    """A text that claims no encoding is in one only where all of it is."""
    assert words_in(words.encode(), UTF_8, CTE + label) == words.replace("\r\n", "\n")


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(base64.encodebytes(SAID.encode()), id="as it should be"),
        pytest.param(base64.b64encode(SAID.encode()).rstrip(b"="), id="no padding"),
        pytest.param(
            base64.b64encode("Größe 4".encode()) + b"\r\n" + base64.b64encode(SAID[7:].encode()),
            id="two pieces, each with its padding",
        ),
        pytest.param(b"!".join([b"R3LDtsOfZSA0MiBwYcOfdCwg", b"YmlzIEZyZWl0YWcu"]), id="stray"),
        pytest.param(b" R3LDtsOfZSA0MiBwYcOf \r\n\r\n dCwgYmlzIEZyZWl0YWcu", id="blank lines"),
        pytest.param(base64.urlsafe_b64encode(SAID.encode()), id="of URLs"),
        pytest.param(SAID.encode(), id="the words themselves"),
    ],
)
@pytest.mark.parametrize("label", ["base64", "Base64 ", '"base64"', "base64; x=y", "BASE64 (x)"])
def test_base64_is_undone_as_it_is_really_written(written: bytes, label: str) -> None:
    """Stray signs, missing padding and joined pieces lose no words (RFC 2045, 6.8)."""
    assert words_in(written, UTF_8, CTE + label) == SAID


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("Thanks", "base64"),
        ("OK", "base64"),
        ("Ja", "base64"),
        ("Yes, it is still here.", "base64"),
        ("Да, он ещё здесь.", "base64"),
        ("好的", "base64"),
        ("Yes, it is.", "x-unknown"),
        ("Ça va.", "utf-8"),
        ("Ça va.", "7bit"),
        ("Yes.", "uuencode"),
        ("Yes.", "x-gzip64"),
    ],
)
def test_words_under_a_wrong_label_are_words(words: str, label: str) -> None:
    """Plain text that claims an encoding, a known one or not, is read as it stands."""
    assert words_in(words.encode(), UTF_8, CTE + label) == words


UU = b"begin 644 x\r\n#66%Y\r\n`\r\nend\r\n"


@pytest.mark.parametrize(
    ("written", "label", "said"),
    [
        pytest.param(base64.encodebytes(SAID.encode()), "7bit", SAID, id="base64 unlabelled"),
        pytest.param(base64.encodebytes(b"Yes, it is here."), "8bit", "Yes, it is here.", id="two"),
        pytest.param(
            base64.encodebytes(gzip.compress(b"Yes", mtime=0)), "x-gzip64", "Yes", id="gzip"
        ),
        pytest.param(b"begin 644 x\n#665S\n`\nend\n", "x-uuencode", "Yes", id="uuencode"),
        pytest.param(b"x\r\nbegin 644 x\r\n#665S  \r\n`\r\nend\r\n", "uuencode", "Yes", id="UU"),
        pytest.param(
            b"Ab=20\r\nund zu, so =\r\nist es.", "7bit", "Ab\nund zu, so ist es.", id="=20"
        ),
        pytest.param(b"Gr=FC=DFe, =\r\nBo", "8bit", "Grüße, Bo", id="latin-1 escaped"),
    ],
)
def test_what_is_encoded_from_end_to_end_is_undone(written: bytes, label: str, said: str) -> None:
    """Also old encodings, and those that no label names."""
    kind = UTF_8.replace("utf-8", "iso-8859-1") if b"=FC" in written else UTF_8

    assert words_in(written, kind, CTE + label) == said


CASES = [(QP, "quoted-printable"), (base64.encodebytes(SAID.encode()), "base64"),
         (UU, "x-uuencode"), (QP, "7bit"), (b"= \r\n" * 9, "quoted-printable"),
         (b"==" * 9, "base64"),
         (base64.encodebytes(gzip.compress(b"Yes", mtime=0)), "x-gzip64")]  # fmt: skip


@pytest.mark.parametrize(("written", "label"), CASES)
def test_bad_copies_are_read(written: bytes, label: str) -> None:
    """Cut, doubled or behind much else, nothing raises, and no time is lost."""
    for copy in bad_copies(written):
        assert isinstance(undo(copy, [label], is_text=True), bytes)
        assert isinstance(words_in(copy, UTF_8, CTE + label), str)


@pytest.mark.parametrize("octets", [b"=", b"= ", b"==", b"=\r", b" ", b"A", b"A=", b"M" * 61])
@pytest.mark.parametrize("label", ["quoted-printable", "base64", "x-uuencode", "x-gzip64", "7bit"])
@pytest.mark.parametrize("is_text", [True, False])
def test_many_of_one_sign_cost_no_time(octets: bytes, label: str, is_text: bool) -> None:  # noqa: FBT001
    """No pattern goes back over what it has seen."""
    assert len(undo(octets * (1_000_000 // len(octets)), [label], is_text=is_text)) <= 1_000_000


def test_a_bomb_is_cut_off() -> None:
    """What inflates without end is read as far as its size allows."""
    bomb = base64.b64encode(gzip.compress(bytes(50_000_000)))

    assert len(undo(bomb, ["x-gzip64"], is_text=True)) < 2_000_000


def test_a_file_goes_by_its_label_alone() -> None:
    """Octets that happen to look like a code are a file's own."""
    assert undo(b"QUJDQUJDQUJDQUJDQUJDQUJD", ["binary"], is_text=False).startswith(b"QUJD")
    assert undo(QP, [], is_text=False) == QP
    assert encoding_of("(((" * 400) == ""
