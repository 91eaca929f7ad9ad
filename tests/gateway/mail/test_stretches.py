"""A large mail is read as any other: the same parts, the same octets, without copies of it."""

import tracemalloc
from base64 import encodebytes
from collections.abc import Callable
from email.message import Message
from random import Random

import pytest

from gateway.mail import guard
from gateway.mail.content.parts import octets_of
from gateway.mail.envelope import Envelope
from gateway.mail.parse import _outlined, _parsed, message_of
from gateway.mail.stretches import OutlinedPart, names_any, stretches_of, written_of
from gateway.reading import read
from tests.support.hostile import GENERATORS, html, mails_in_mails, mixed, text, typed

# What a mail is made of where it is hard to say what is a header, a body, a delimiter.
LINES = (
    b"", b"--b", b"--b--", b"--c", b"--c--", b"--", b"-- ", b"--x", b"--b \t", b"--b x", b"---",
    b"-x", b"word", b"two words", b"a: b", b"x:y", b":", b" more", b"\tmore", b"From x", b"From ",
    b"From: a@b", b"Subject: s", b"YWJj", b"\xe4\xf6", b"w: \xe4", b"stretch000000",
    b"Content-Type: text/plain", b"Content-Type: message/rfc822", b"Content-Type: message/partial",
    b"Content-Type: MESSAGE/delivery-status", b"Content-Type: multipart/mixed; boundary=c",
    b"Content-Type: multipart/digest; boundary=b", b"Content-Type: multipart/mixed",
    b"Content-Transfer-Encoding: base64",
)  # fmt: skip
ROOTS = (
    b"Content-Type: multipart/mixed; boundary=b\r\n",
    b"Content-Type: multipart/report; boundary=b\r\n",
    b"Content-Type: multipart/digest; boundary=b\r\n",
    b"Content-Type: message/rfc822\r\n",
    b"Content-Type: text/plain\r\n",
    b"",
    b"\r\n",
)
ENVELOPE = Envelope("bo@example.net", ("r+x@reply.test",))


def _shape(message: Message) -> list[tuple[object, ...]]:
    """Return all that the parser has found, part by part."""
    found: list[tuple[object, ...]] = []
    todo = [(message, 0)]
    while todo:
        part, depth = todo.pop()
        below = part.get_payload() if part.is_multipart() else None
        if isinstance(below, list):
            todo += [(one, depth + 1) for one in reversed(below) if isinstance(one, Message)]
        around = [_plain(part, one) for one in (part.preamble, part.epilogue)]
        defects = [type(one) for one in part.defects]
        written = written_of(part)
        body = None if written is None else bytes(written)
        kinds = part.get_content_type(), part.get_default_type()
        found.append(
            (depth, list(part.raw_items()), body, octets_of(part), *around, defects, *kinds)
        )
    return found


def _plain(part: Message, around: str | None) -> str | None:
    """Return what stands around parts, as the parser has it."""
    if around is None or not isinstance(part, OutlinedPart):
        return around
    return str(part.stretches.stood_for(around), "ascii", "surrogateescape")


def _is_alike(raw: bytes) -> bool:
    """Compare both ways to parse a mail; False if it has no stretch, or is refused."""
    stretches = None if guard.inspect(raw) else stretches_of(raw, 1)
    if stretches is None:
        return False
    assert _shape(_outlined(stretches)) == _shape(_parsed(raw))
    assert stretches.restored(b"".join(stretches.outline())) == raw
    return True


@pytest.mark.parametrize("name", GENERATORS)
def test_a_hostile_mail_has_the_same_parts(name: str) -> None:
    """Whole, cut in the middle, and doubled."""
    for scale in (1, 2, 5, 30):
        raw = GENERATORS[name](scale)
        for one in (raw, raw[: len(raw) // 2], raw + raw):
            _is_alike(one)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_its_lines_say_it_has_the_same_parts(seed: int) -> None:
    """Two thousand mails of such lines, in any order."""
    chance = Random(seed)
    alike = 0
    for _ in range(2_000):
        pool = [*chance.sample(LINES, chance.randint(3, 14)), b"--b", b""]
        lines = [chance.choice(pool) for _ in range(chance.randint(1, 24))]
        raw = chance.choice(ROOTS) + b"\r\n".join(lines) + chance.choice([b"", b"\r\n"])
        alike += _is_alike(raw)

    assert alike > 500


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\r\n"])
def test_other_line_ends_are_the_parsers(end: bytes) -> None:
    """To it a bare CR ends a line, so nobody else guesses what it finds there."""
    raw = mixed(b"\r\nYes.", b"\r\n" + b"word" + end + b"--b\r\n\r\nmore\r\n" * 9)

    assert stretches_of(raw, 1) is None


def test_a_delimiter_below_a_line_of_dashes_is_one() -> None:
    """The guard counts its part, and no stretch runs over it."""
    few = mixed(*[b"\r\nword\r\n--x"] * 20)

    assert _is_alike(few)
    assert guard.inspect(mixed(*[b"\r\n--x"] * 1_200)) == guard.Problem("too many parts")


FILE = bytes(range(256)) * 2_000
CODE = encodebytes(FILE).replace(b"\n", b"\r\n")
PDF = b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"


@pytest.mark.parametrize(
    ("raw", "octets"),
    [
        pytest.param(mixed(b"\r\nYes.", PDF + CODE), FILE, id="beside a text"),
        pytest.param(mixed(b"\r\nYes.", PDF + b"\r\n" + CODE + b"\r\n"), FILE, id="blank lines"),
        pytest.param(mixed(b"\r\nYes.", PDF + CODE + b"*"), FILE, id="rubbish below"),
        pytest.param(mixed(b"\r\nYes.", PDF + CODE.rstrip()[:-1]), FILE, id="cut off"),
        pytest.param(mixed(b"\r\nYes.", PDF + CODE.rstrip()[:-3]), FILE[:-2], id="cut off more"),
        pytest.param(
            mixed(b"\r\nYes.", b"Content-Type: text/csv; name=a.csv\r\nContent-Disposition: "
                  b"attachment; filename=a.csv\r\n\r\n" + b"12:30:01,\xe4,5\r\n" * 40_000),
            b"12:30:01,\xe4,5\r\n" * 39_999 + b"12:30:01,\xe4,5", id="lines like headers"),
    ],
)  # fmt: skip
def test_a_file_is_read_to_the_octet(raw: bytes, octets: bytes) -> None:
    """However it is written; nobody's words are lost beside it."""
    found = read(raw, ENVELOPE)

    assert isinstance(message_of(raw), OutlinedPart)
    assert found.text == "Yes."
    assert [one.octets.rstrip(b"\r\n") for one in found.files] == [octets.rstrip(b"\r\n")]


def test_an_attached_mail_is_not_changed() -> None:
    """Not an octet, where there is nothing to take out; and the rest is not where there is."""
    inner = (
        b"Subject: a\r\nContent-Type: text/plain\r\n\r\n" + b"Nothing secret: \xe4.\r\n" * 40_000
    )
    secret = b"r+aeaejascoqgfvvfwi2k3ynva4fsmwhzhy562aojn5z6q@reply.test"
    as_file = b"Content-Type: message/rfc822\r\n\r\n"
    (kept,) = read(mixed(b"\r\nSee.", as_file + inner), ENVELOPE).files
    other = b"Subject: b\r\n" + b"X-To: " + secret + inner[10:]
    (cleaned,) = read(mixed(b"\r\nSee.", as_file + other), ENVELOPE).files

    assert kept.octets == inner
    assert cleaned.octets == other.replace(secret, b"[address removed]")


@pytest.mark.parametrize("word", [b"stretch000000", b"stretch goal", b"s" + b"0" * 64 + b"000000"])
def test_no_word_stands_for_octets_of_the_mail(word: bytes) -> None:
    """Also one that only shows when a part is decoded: it is put in once a secret was taken out."""
    secret = b"r+aeaejascoqgfvvfwi2k3ynva4fsmwhzhy562aojn5z6q@reply.test"
    coded = b"".join(b"=%02X" % octet for octet in word)
    part = (
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + secret + b"\r\n" + (coded + b"\r\n") * 50
    )  # fmt: skip
    plain = b"Content-Type: text/plain\r\n\r\n" + b"Nothing secret.\r\n" * 30_000
    within = mixed(plain, part).replace(b"boundary=b", b"boundary=in").replace(b"--b", b"--in")
    inner = b"Subject: a\r\n" + within
    (cleaned,) = read(
        mixed(b"\r\nSee.", b"Content-Type: message/rfc822\r\n\r\n" + inner), ENVELOPE
    ).files

    assert secret not in cleaned.octets
    assert len(cleaned.octets) < len(inner) + 1_000
    assert cleaned.octets.count(word) == 50


SHORT = "Grüße, 漢字.\r\n".encode()
KINDS: dict[str, Callable[[int], bytes]] = {
    "short lines": lambda size: text(b"A line of some words.\r\n" * (size // 23)),
    "letters beyond ASCII": lambda size: text(SHORT * (size // len(SHORT))),
    "a page": lambda size: html(b"<p>A line of some words.</p>\r\n" * (size // 30)),
    "lines in a part": lambda size: mixed(b"\r\nYes.", b"\r\n" + SHORT * (size // len(SHORT))),
    "a file": lambda size: mixed(
        b"\r\nYes.", PDF + encodebytes(bytes(size * 7 // 10)).replace(b"\n", b"\r\n")
    ),
    "quoted-printable": lambda size: typed(
        b"text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable",
        b"Gr=C3=BC=C3=9Fe=\r\n" * (size // 19),
    ),
    "in a mail": lambda size: mails_in_mails(1, b"\r\n" + SHORT * (size // len(SHORT))),
    "uuencoded": lambda size: text(
        b"Yes.\r\nbegin 644 a\r\n" + (b"M" + b"A" * 60 + b"\r\n") * (size // 63) + b"`\r\nend\r\n"
    ),
}
SIZE = 6_000_000


@pytest.mark.parametrize("kind", KINDS)
def test_reading_takes_few_copies(kind: str) -> None:
    """Not an object for each line: two and a half mails, and what a page's first lines take."""
    raw = KINDS[kind](SIZE)
    read(raw[:1_000], ENVELOPE)  # the word lists are there from now on
    tracemalloc.start()
    found = read(raw, ENVELOPE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert not found.unsafe
    assert peak < 2.5 * len(raw) + 12_000_000


def test_a_word_is_found_between_two_pieces() -> None:
    """In any case of its letters."""
    for at in range(65_500, 65_560):
        assert names_any(b"x" * at + b"Delivery-STATUS" + b"x" * 90_000, b"delivery-status")
    assert not names_any(b"delivery status" * 9_000, b"delivery-status", b"message/")
