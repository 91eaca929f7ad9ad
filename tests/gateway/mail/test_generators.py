"""Whatever a mail is made of, reading it costs work and memory in proportion to its size."""

import encodings.aliases
import sys
import tracemalloc
from types import FrameType

import pytest

from gateway.mail.guard import inspect
from tests.support.hostile import GENERATORS, HEAD
from tests.support.reading import read_all

SCALE = 1_500
# Objects of a part, or of a line of two octets, weigh more than the octets they were made of.
MULTIPLE, ROOM = 40, 2_000_000
REFUSED = [
    ("6.11-semicolons in Content-Type", 32_000, "header too long"),
    ("6.11-semicolons in Content-Type", 600, "too many addresses or parameters"),
    ("6.11-semicolons in a part's Content-Type", 600, "too many addresses or parameters"),
    ("6.12-encoded words in Subject", 401, "too many encoded words"),
    ("6.13-addresses in To", 501, "too many addresses or parameters"),
    ("6.13-many From headers", 1_001, "too many headers"),
    ("6.14-empty parts", 200_000, "too many parts"),
    ("6.14-empty parts with an empty boundary", 200_000, "too many parts"),
    ("6.14-empty parts ended by bare CR", 2_000, "too many parts"),
    ("6.15-nested multiparts", 61, "too many multiparts"),
    ("6.15-nested digests", 1_000, "too many multiparts"),
    ("6.15-nested mails", 61, "too many multiparts"),
    ("6.15-nested by a folded parameter", 61, "too many multiparts"),
    ("6.16-nested comments in To", 2_000, "comments nested too deep"),
    ("6.16-nested comments in From", 21, "comments nested too deep"),
    ("6.16-nested comments behind a bare CR", 21, "comments nested too deep"),
    ("6.17-a parameter's number", 5_000, "parameter number too large"),
    ("7.12-a header without an end", 300_000, "header block too large"),
    ("7.12-headers without an end", 5_000, "too many headers"),
    ("7.12-headers of a part without an end", 20_001, "too many headers of parts"),
    ("7.12-headers of a mail in a mail", 20_001, "too many headers of parts"),
    ("7.12-a line without an end", 4_200_000, "line too long"),
    ("7.12-blank lines", 500_001, "too many lines"),
    ("7.13-parts with text", 1_001, "too many parts"),
    ("7.13-parts of files", 1_700, "too many headers of parts"),
    ("7.13-blank blocks of a report", 5_002, "too many blocks in a report"),
    ("7.13-lines in many multiparts", 200_000, "too many lines for so many multiparts"),
    ("7.13-lines in many mails", 200_000, "too many lines for so many multiparts"),
    ("7.13-a boundary in a charset that is none", 1, "boundary unreadable"),
    ("7.28-fragments of a file name", 600, "too many addresses or parameters"),
]


def _work(raw: bytes) -> int:
    """Count the calls, Python's and C's, that reading it takes."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        read_all(raw)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("name", GENERATORS)
def test_twice_the_mail_costs_at_most_twice_the_work(name: str) -> None:
    """Counted in calls, so the answer is the same on every machine."""
    once, twice = GENERATORS[name](SCALE), GENERATORS[name](2 * SCALE)
    read_all(once)

    assert _work(twice) <= 2.5 * _work(once) + len(twice) / 2


@pytest.mark.parametrize("name", GENERATORS)
def test_memory_is_bounded_by_the_size(name: str) -> None:
    """Reading takes no more than a small multiple of the mail."""
    raw = GENERATORS[name](SCALE)
    read_all(raw)
    tracemalloc.start()

    read_all(raw)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak <= MULTIPLE * len(raw) + ROOM


@pytest.mark.parametrize(
    ("name", "scale", "problem"),
    [
        pytest.param(name, scale, problem, id=f"{name} is {problem}")
        for name, scale, problem in REFUSED
    ],
)
def test_the_guard_names_what_is_too_much(name: str, scale: int, problem: str) -> None:
    """Beyond its limit a mail meets no parser."""
    found = inspect(GENERATORS[name](scale))

    assert found is not None
    assert found.what == problem


CODECS = sorted({*encodings.aliases.aliases, *encodings.aliases.aliases.values(), "idna", "none"})


@pytest.mark.parametrize("form", [b"text/plain; charset=%s", b"text/html; charset*=%s''x"])
@pytest.mark.parametrize("codec", CODECS, ids=[f"7.29-{codec}" for codec in CODECS])
def test_no_charset_makes_reading_raise(codec: str, form: bytes) -> None:
    """Every codec Python has, named as the charset of a text, of a word and of a file's name."""
    word = f"=?{codec}?q?a=E9=5Cx41?=".encode()
    name = b"attachment; filename*=%s''a%%E9" % codec.encode()
    raw = (
        HEAD.replace(b"From: ", b"From: " + word + b" ")
        + b"Subject: " + word + b"\r\nContent-Disposition: " + name
        + b"\r\nContent-Type: " + form % codec.encode() + b"\r\n\r\nh\xe9llo \\x41\r\n"
    )  # fmt: skip

    assert isinstance(read_all(raw), str)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(b"Message-ID: <[id@host]>", id="6.17-brackets in Message-ID"),
        pytest.param(b"To: (c):", id="6.17-a comment before a colon"),
        pytest.param(b'To: "', id="6.17-a lone quote"),
        pytest.param(b'From: "', id="6.17-a lone quote in From"),
        pytest.param(b"Content-Type: text/plain; name*", id="6.17-a parameter without a value"),
        pytest.param(b"Content-Type: multipart/mixed; boundary*", id="6.17-a boundary without one"),
        pytest.param(b"Content-Type: multipart/mixed; boundary*=\xff''x", id="6.17-8-bit charset"),
        pytest.param(b"Content-Type: multipart/mixed; boundary*=utf-8''%E9", id="6.17-bad UTF-8"),
        pytest.param(b"Content-Type: \xff\xfe/\xe4", id="6.17-octets for a type"),
        pytest.param(b"Content-Transfer-Encoding: \xff", id="6.17-octets for an encoding"),
        pytest.param(b"Subject: =?utf-8?b?////?=", id="6.17-base64 of no text"),
        pytest.param(b"Subject: =?idna?q?=E9?=", id="6.17-a word in no charset"),
    ],
)
def test_no_header_makes_reading_raise(header: bytes) -> None:
    """What crashes parsers is read, or refused by name."""
    assert isinstance(read_all(HEAD + header + b"\r\n\r\nhello\r\n"), str)


def test_p7_30_what_lies_in_an_attached_mail_is_not_posted() -> None:
    """Another mail's words are a file, never the reply."""
    mail = GENERATORS["6.21-a mail as the only part"](10)

    assert read_all(mail) == ""
