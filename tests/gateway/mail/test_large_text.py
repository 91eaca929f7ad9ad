"""Of a text that is longer than what is read, no word is lost without anybody being told."""

import hashlib
import tracemalloc
from base64 import b64encode
from random import Random

import pytest

from core.moment import Moment
from gateway.mail.content.transfer_encoding import undo, undo_base64
from gateway.mail.envelope import Envelope
from gateway.mail.misread_utf8 import decode_nearly, sequences
from gateway.mail.offer import Offer
from gateway.mail.words_digest import _of_lines
from gateway.reading import read
from tests.support.hostile import html, text

ENVELOPE = Envelope("bo@example.net", ("r+x@reply.test",))
READ = 4_800_000  # octets
QUOTED = b"> What do you say to five o'clock at ours, then?\r\n"
BEYOND = b"On Monday Ann wrote:\r\n" + QUOTED * (READ // len(QUOTED) + 2_000)
WIDE = "> \N{WAVING HAND SIGN} 漢字 de acordo até às cinco\r\n".encode()
WIDE_BEYOND = b"On Monday Ann wrote:\r\n" + WIDE * (READ // len(WIDE) + 2_000)
UNREAD = "more lines than are read, and not all of them are quoted"


@pytest.mark.parametrize("above", [b"", b"First.\r\n\r\n", "Grüße, 漢字.\r\n\r\n".encode()])
@pytest.mark.parametrize("quoted", [BEYOND, WIDE_BEYOND], ids=["ASCII", "UTF-8"])
@pytest.mark.parametrize(
    "answer", [b"My answer.", b"Ja, gern.", "好的".encode(), b"  indented", b"-- \r\nBo"]
)
def test_an_answer_below_more_than_is_read_is_told_of(
    above: bytes, quoted: bytes, answer: bytes
) -> None:
    """The mail is refused in words: it was taken before, without these."""
    found = read(text(above + quoted + b"\r\n" + answer + b"\r\n"), ENVELOPE)

    assert found.too_much == UNREAD


@pytest.mark.parametrize("quoted", [BEYOND, WIDE_BEYOND], ids=["ASCII", "UTF-8"])
@pytest.mark.parametrize("below", [b"", b"\r\n", b" \r\n\r\n", b">\r\n", b"> cut in the mid"])
def test_quotes_alone_are_no_words(quoted: bytes, below: bytes) -> None:
    """Whoever answers above all of it is heard."""
    found = read(text(b"First.\r\n\r\n" + quoted + below), ENVELOPE)

    assert (found.text, found.too_much) == ("First.", "")


def test_an_answer_below_what_is_read_is_read() -> None:
    """Nobody is refused who was heard."""
    quoted = QUOTED * (READ // len(QUOTED) - 10)
    found = read(text(b"On Monday Ann wrote:\r\n" + quoted + b"\r\nMy answer.\r\n"), ENVELOPE)

    assert (found.text, found.too_much) == ("My answer.", "")


def test_a_long_page_is_not_read_half() -> None:
    """Also where each of its letters takes four octets."""
    found = read(html("\N{WAVING HAND SIGN}漢<br>\r\n".encode() * 400_000), ENVELOPE)

    assert found.too_much


@pytest.mark.parametrize(
    "line", [b"x" * 70 + b"\r\n", b"Ja\r\n" * 9, b"0123" * 18 + b"\n", b"x" * 72, b"A/a+" * 9]
)
def test_letters_that_a_code_has_too_are_not_decoded_all(line: bytes) -> None:
    """Their beginning tells that they are none: of the text no list of lines is made."""
    written = line * (8_000_000 // len(line))
    tracemalloc.start()
    try:
        undone = undo(written, (), is_text=True)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert undone == written
    assert peak < 1.1 * len(written)


@pytest.mark.parametrize("cut", range(4))
def test_a_code_without_a_label_is_undone_wherever_its_beginning_is_cut(cut: int) -> None:
    """Half a letter of UTF-8 stands at the end of what is looked at first."""
    said = "x" * cut + "Größe, für die ganze Straße; 漢字. " * 4_000
    code = b64encode(said.encode() + b" " * (-len(said.encode()) % 3))

    assert undo(code, (), is_text=True).decode().rstrip() == said.rstrip()


def test_half_a_letter_at_the_end_makes_no_other_charset() -> None:
    """What is read ends with a line, so it is UTF-8 wherever the limit lies."""
    for shift in range(5):
        found = read(text(b"x" * shift + "Über 漢字.\r\n".encode() * 400_000), ENVELOPE)

        assert found.reply.text.startswith("x" * shift + "Über 漢字.\nÜber")


def test_broken_letters_are_counted_without_a_list() -> None:
    """A text of short lines, a few of them broken, takes a small multiple of its octets."""
    octets = "Über 漢字.\n".encode() * 60_000 + b"\xfc\n" * 9
    tracemalloc.start()
    assert sequences(octets) == 180_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 10_000
    read_so = decode_nearly(octets, lambda strange: strange.decode("latin-1"))
    assert read_so == "Über 漢字.\n" * 60_000 + "ü\n" * 9


def test_what_makes_two_offers_one_mail_is_told_without_copies() -> None:
    """Digests of all, and of what stands below the headers without white space, of any size."""
    body = b"Some words, \t and white\r\n space.\r\n\r\n" * 100_000
    for head in (b"Subject: x\r\n\r\n", b"\r\n\r\n", b""):
        raw = head + body
        below = raw.partition(b"\r\n\r\n")[2]
        offer = Offer(ENVELOPE, "r+x@reply.test", raw, Moment(0), 30)
        tracemalloc.start()
        told = offer.content_digest, offer.body_digest, offer.may_bring_pictures
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert told[0] == hashlib.sha256(raw).digest()
        assert told[1] == hashlib.sha256(b"".join(below.split(None))).digest()
        assert not told[2]
        assert peak < 1_000_000


@pytest.mark.parametrize("named", [b"image/png", b"IMAGE/png", b"application/x-PKCS7-mime"])
def test_a_picture_may_be_anywhere(named: bytes) -> None:
    """However it is written, and at the end of megabytes."""
    raw = b"Subject: x\r\n\r\n" + b"x" * 300_000 + named
    assert Offer(ENVELOPE, "r+x@reply.test", raw, Moment(0), 30).may_bring_pictures


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1_000])
def test_lines_are_the_same_in_any_pieces(size: int) -> None:
    """Their digest is that of all of them with LF, without the last line ends."""
    chance = Random(size)
    for _ in range(500):
        octets = bytes(chance.choice(b"ab\r\n\n") for _ in range(chance.randint(0, 20)))
        lines = octets.replace(b"\r\n", b"\n").rstrip(b"\n")

        assert _of_lines(octets, size) == hashlib.sha256(lines).hexdigest()


def test_a_file_that_was_cut_off_is_undone_without_copies() -> None:
    """All but the last sign, which alone holds no octet."""
    code = b64encode(bytes(range(256)) * 4_000)
    for cut in range(5):
        written = code[: len(code) // 4 * 4 - 4 - cut]
        tracemalloc.start()
        octets = undo_base64(written)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert octets == (bytes(range(256)) * 4_000)[: len(octets)]
        assert len(octets) == len(written) * 6 // 8
        assert peak < 3.5 * len(written)
