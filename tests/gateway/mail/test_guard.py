"""What would stall or crash a parser is refused first; what people send is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.mail.guard import inspect
from gateway.mail.parse import parse
from gateway.mail.token_scrub import scrub
from gateway.quote.extract import extract

HEAD = b"From: a@b.test\r\nMessage-ID: <1@x>\r\n"


def _nested(depth: int) -> bytes:
    parts = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(depth)
    )
    return HEAD + parts + b"\r\nend\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(
            HEAD + b"Content-Type: text/plain" + b";" * 32_000 + b"\r\n\r\nx", id="semicolons"
        ),
        pytest.param(
            HEAD + b"Subject:" + b" =?utf-8?q?a?=" * 32_000 + b"\r\n\r\nx", id="encoded words"
        ),
        pytest.param(HEAD + b"To: " + b"a@b.test, " * 32_000 + b"c@d\r\n\r\nx", id="addresses"),
        pytest.param(HEAD + b"To: " + b"(" * 2_000 + b")" * 2_000 + b"\r\n\r\nx", id="comments"),
        pytest.param(_nested(1_000), id="a thousand multiparts"),
        pytest.param(
            HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 300_000,
            id="300,000 parts",
        ),
        pytest.param(HEAD + b"X: y\r\n" * 5_000 + b"\r\nx", id="thousands of headers"),
        pytest.param(HEAD + b"X: " + b"y" * 1_000_000, id="a header without end"),
    ],
)
def test_a_hostile_mail_is_refused(raw: bytes) -> None:
    """Each known way to stall a parser meets its limit."""
    assert inspect(raw) is not None


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(HEAD + b"\r\nhello\r\n", id="plain"),
        pytest.param(HEAD + b"To: " + b"a@b.test, " * 40 + b"c@d\r\n\r\nx", id="forty addresses"),
        pytest.param(_nested(6), id="six multiparts"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"no headers at all\r\njust text\r\n", id="no headers"),
        pytest.param(HEAD + b"\r\n" + b"long text " * 200_000, id="2 MB of text"),
        pytest.param(HEAD + b"\r\n" + b"-- \r\n" * 500, id="many signature marks"),
    ],
)
def test_what_people_send_may_pass(raw: bytes) -> None:
    """Ordinary mails, also odd ones, are read."""
    assert inspect(raw) is None


@pytest.mark.parametrize(
    "header",
    [
        b"Message-ID: <[id@host]>",
        b"To: (c):",
        b'To: "',
        b"From: \xff\xfe <x@\xe4>",
        b"Content-Type: text/plain; charset=x-unknown",
        b"Content-Type: text/plain; charset=unicode_escape",
        b"Content-Type: text/plain; name*",
        b"Content-Transfer-Encoding: base64",
        b"Content-Transfer-Encoding: x-unknown",
        b"Date: never",
        b"Subject: =?utf-8?b?////?=",
    ],
)
def test_broken_mail_is_read_all_the_same(header: bytes) -> None:
    """No header makes reading raise, or hides what was written."""
    mail = parse(header + b"\r\n\r\nhello\r\n")

    assert extract(mail.body).text == "hello"


@given(st.binary(max_size=4_000))
@settings(deadline=None, max_examples=150)
def test_any_octets_that_pass_are_read(raw: bytes) -> None:
    """Whatever the guard lets through, reading answers."""
    if inspect(raw) is None:
        extract(parse(raw).body)


TOKEN = "aeaejascoqgfvvfwi2k3ynva4fsmwhzhy562aojn5z6q"


@pytest.mark.parametrize(
    "secret",
    [
        f"r+{TOKEN}@reply.test",
        f"R+{TOKEN.upper()}@REPLY.TEST",
        f"u.{TOKEN}@reply.test",
        f"mailto:r%2B{TOKEN}%40reply.test",
        f"https://n.test/u/{TOKEN}",
        f"http://n.test/app/f/{TOKEN}/photo.png?x=1",
        f"b+{TOKEN}",
        f"r+<wbr>{TOKEN[:9]}<WBR/>{TOKEN[9:]}<wbr />@reply.test",
        f"r+{TOKEN[:9]}<wbr >{TOKEN[9:20]}&#65279;{TOKEN[20:30]}&#xFEFF;{TOKEN[30:]}@reply.test",
        f"r&#8203;+{TOKEN[:9]}&#x200B;{TOKEN[9:20]}&#173;{TOKEN[20:]}@reply.test",
        f"https://n.test/u/&shy;{TOKEN[:30]}&zwnj;{TOKEN[30:]}",
        f"r+{TOKEN[:9]}\u200d{TOKEN[9:20]}\u2060{TOKEN[20:30]}\ufeff{TOKEN[30:]}@reply.test",
        f"r+{TOKEN[:9]}=E2=80=8B{TOKEN[9:20]}=C2=AD{TOKEN[20:]}@reply.test",
    ],
)
def test_secrets_are_scrubbed(secret: str) -> None:
    """Every form that carries a token of ours is taken out, and nothing around it."""
    cleaned = scrub(f"before {secret} after")

    assert not any(TOKEN[at : at + 9] in cleaned.lower() for at in range(0, len(TOKEN), 9))
    assert cleaned.startswith("before ")
    assert cleaned.endswith(" after")
