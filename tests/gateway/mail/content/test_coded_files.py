"""Files that a program wrote into the text: uuencode and yEnc; and texts that only look so."""

from binascii import b2a_uu

import pytest

from gateway.mail.content import coded_files
from gateway.reading import LONGEST_TEXT, Ask, Depth, Reading, read
from tests.support.letters import PDF, PNG, mail, multi, text
from tests.support.reading import ENVELOPE

DATA = bytes(range(256)) * 3


def uu(octets: bytes, name: str = "plan.pdf", *, eol: str = "\r\n", tick: bool = True) -> str:
    """Write a file as uuencode does."""
    pieces = [octets[at : at + 45] for at in range(0, len(octets), 45)]
    lines = [b2a_uu(one, backtick=tick).decode().removesuffix("\n") for one in pieces]
    return eol.join([f"begin 644 {name}", *lines, "`" if tick else " ", "end", ""])


def yenc(octets: bytes, name: str = "a b.pdf") -> str:
    """Write a file as yEnc does, its octets as surrogates."""
    coded = bytearray()
    for octet in octets:
        sign = (octet + 42) % 256
        coded += bytes([61, (sign + 64) % 256]) if sign in b"\0\r\n=" else bytes([sign])
    # A line may end behind any octet, but not within an escaped pair.
    written = bytes(coded).decode("ascii", "surrogateescape")
    head = f"=ybegin line=9000 size={len(octets)} name={name}"
    return f"{head}\r\n{written}\r\n=yend size={len(octets)}\r\n"


def what(words: str) -> Reading:
    """Read a mail of this plain text."""
    part = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{words}"
    return read(mail(part), ENVELOPE, Ask(Depth.WHOLE))


LINES = uu(PDF + bytes(60), tick=False).split("\r\n")
LOST = "\r\n".join(one.rstrip() for one in LINES)
CODED = {
    "uuencode": (uu(PDF), [("plan.pdf", PDF)]),
    "uuencode with blanks": (uu(DATA, "a b.bin", tick=False), [("a b.bin", DATA)]),
    "blanks lost": (LOST, [("plan.pdf", PDF + bytes(60))]),
    "two files": (uu(PDF) + "\r\n" + uu(PNG, "a.png"), [("plan.pdf", PDF), ("a.png", PNG)]),
    "a name in letters": (uu(PDF, "Größe & Maß.pdf"), [("Größe & Maß.pdf", PDF)]),
    "a path as name": (uu(PDF, r"C:\Users\bo\plan.pdf"), [("plan.pdf", PDF)]),
    "four digits": (uu(PDF).replace("begin 644", "begin 0644"), [("plan.pdf", PDF)]),
    "yEnc": (yenc(PDF), [("a b.pdf", PDF)]),
    "yEnc of every octet": (yenc(DATA, "x.bin"), [("x.bin", DATA)]),
    "yEnc, then uuencode": (yenc(PDF) + uu(PNG, "a.png"), [("a b.pdf", PDF), ("a.png", PNG)]),
}  # fmt: skip


@pytest.mark.parametrize(("coded", "files"), CODED.values(), ids=CODED.keys())
@pytest.mark.parametrize("below", ["", "\r\nBo\r\n"])
def test_a_file_in_the_text_is_a_file(
    coded: str, files: list[tuple[str, bytes]], below: str
) -> None:
    """It is kept under its name, and the words stand without it."""
    reading = what(f"Der Plan ist unten.\r\n\r\n{coded}{below}")

    assert reading.text.split() == ["Der", "Plan", "ist", "unten.", *below.split()]
    assert [(one.filename, one.octets) for one in reading.files] == files


def test_only_words_count_as_letters() -> None:
    """A picture of 60 kB makes 80,000 signs: that is no long text."""
    reading = what("See below.\r\n\r\n" + uu(PNG * 600, "big.png"))

    assert len(uu(PNG * 600)) > LONGEST_TEXT
    assert (reading.text, reading.too_much, len(reading.files)) == ("See below.", "", 1)


def test_a_file_in_one_of_several_texts_is_found() -> None:
    """Wherever plain text is read, what is coded in it is a file."""
    raw = mail(multi("mixed", text("One."), text("Two.\r\n" + uu(PDF))))
    reading = read(raw, ENVELOPE, Ask(Depth.WHOLE))

    assert reading.text.split() == ["One.", "Two."]
    assert [one.filename for one in reading.files] == ["plan.pdf"]


@pytest.mark.parametrize(
    "words",
    [
        "begin 5 minutes early\r\nend",
        "We should\r\nbegin 644 meters further on\r\nthan last time.\r\nend",
        "begin 644 file.txt\r\nThis line is no data\r\nend",
        "begin 644 file.txt",
        "begin 755 it\r\n\r\nend",
        "begin\r\nx = 1;\r\nend",
        "=ybegin is how yEnc begins",
        "=ybegin line=128 size=5 name=x",
        "MAYBE\r\nbegin 2025 WELL\r\nHELLO ALL\r\nend",
    ],
)
def test_words_that_look_so_are_kept(words: str) -> None:
    """Nothing is a file whose first line of data is none."""
    reading = what(words)

    assert reading.text.split() == words.split()
    assert reading.files == ()


def test_what_is_quoted_is_no_file() -> None:
    """Behind a quote mark nothing is decoded."""
    quoted = "".join(f"> {line}\n" for line in uu(PDF, eol="\n").splitlines()).encode()

    assert coded_files.split(quoted) == (quoted, ())


@pytest.mark.parametrize(("coded", "files"), CODED.values(), ids=CODED.keys())
def test_any_of_these_may_be_cut_doubled_or_long(
    coded: str, files: list[tuple[str, bytes]]
) -> None:
    """What was cut off is a shorter file; the words above are there."""
    assert what(f"Hello.\r\n\r\n{coded[: len(coded) // 2]}").text.startswith("Hello.")
    assert len(what(f"Hello.\r\n\r\n{coded}\r\n{coded}").files) == 2 * len(files)
    assert len(what("x y\r\n" * 200_000 + coded).files) == len(files)


@pytest.mark.parametrize(
    "line", [b"begin 644 x\n", b"=ybegin size=9 name=x\n", b"begin 644 x\nM\n"]
)
def test_a_flood_of_beginnings_is_read_in_time(line: bytes) -> None:
    """A hundred are looked at, each once."""
    assert len(coded_files.split(line * 80_000)[1]) <= 100
