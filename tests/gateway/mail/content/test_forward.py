"""A mail attached to a mail is a file that gives no secret of ours away, however it is built."""

import binascii
import re

import pytest

from gateway.mail.attachments import FilePart, gather
from gateway.mail.content.parts import octets_of
from gateway.mail.parse import parse
from tests.support.letters import PDF, PNG, attached, file, mail, multi, text

TOKEN = "aeaejascoqgfvvfwi2k3ynva4fsmwhzhy562aojn5z6q"


def files(*parts: str) -> tuple[FilePart, ...]:
    """Return the files of a mail that has a text and these parts."""
    return gather(parse(mail(multi("mixed", text(), *parts))).message).files


def test_a_forwarded_mail_is_one_file_in_its_own_octets() -> None:
    """A mail that is attached is never entered: its text and files are not this mail's."""
    inner = "From: a@b.test\r\nX-Odd:   two  blanks\r\nSubject: Lunch?\r\n" + multi(
        "mixed", text("Not mine"), attached(PDF, "application/pdf", "inner.pdf"), boundary="c"
    )
    part = f"Content-Type: message/rfc822\r\n\r\n{inner}"
    read = parse(mail(multi("mixed", text(), part)))
    (found,) = gather(read.message).files

    assert found.filename == "Lunch_.eml"
    assert found.content_type == "message/rfc822"
    assert found.octets.strip() == inner.replace("X-Odd:   two", "X-Odd: two").strip().encode()
    assert "Not mine" not in (read.body.text or "")


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(text(f"Reply to r+{TOKEN}@reply.test"), id="in the text"),
        pytest.param(
            file(f"<a href='https://n.test/u/{TOKEN}'>".encode(), "text/html"), id="in base64"
        ),
        pytest.param(
            f"Content-Transfer-Encoding: base64\r\n\r\nReply to r+{TOKEN}@reply.test",
            id="in what is called base64 and is none",
        ),
        pytest.param(
            f"Content-Type: multipart/mixed\r\n\r\nReply to r+{TOKEN}@reply.test",
            id="in a multipart without parts",
        ),
        pytest.param(
            file(f'{{"to": "r+{TOKEN}@reply.test"}}'.encode(), "application/json"), id="in JSON"
        ),
        pytest.param(
            file(f"<?xml?><a>r+{TOKEN}@reply.test</a>".encode(), "application/xml"), id="in XML"
        ),
        pytest.param(
            f"Content-Type: application/x-log\r\n\r\nTo: r+{TOKEN}@reply.test",
            id="in a text under any other type",
        ),
        pytest.param(
            f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a.test\r\n\r\n"
            f"Final-Recipient: rfc822; r+{TOKEN}@reply.test\r\n\r\n",
            id="in a report",
        ),
    ],
)
def test_a_forwarded_notification_gives_no_secret_away(words: str) -> None:
    """Our own mail forwarded as a file is shown to others without its owner's address."""
    inner = f"Reply-To: r+{TOKEN}@reply.test\r\nSubject: x\r\nMIME-Version: 1.0\r\n{words}"
    (found,) = files(f"Content-Type: message/rfc822\r\n\r\n{inner}")
    read = parse(found.octets)

    held = b"".join(octets_of(part) for part in read.message.walk())
    assert TOKEN.encode() not in found.octets
    assert TOKEN.encode() not in held
    assert TOKEN not in (read.body.text or "") + (read.body.html or "") + str(
        read.message["reply-to"]
    )


SAID = f"Gr\u00fc\u00dfe\r\nr+{TOKEN}@reply.test\r\n"
LEFT = "Gr\u00fc\u00dfe\r\n[address removed]\r\n"


@pytest.mark.parametrize(
    ("octets", "left"),
    [
        pytest.param(SAID.encode(), LEFT.encode(), id="a text in UTF-8"),
        pytest.param(SAID.encode("latin-1"), LEFT.encode("latin-1"), id="one in latin-1"),
        pytest.param(
            SAID.replace("Gr\u00fc\u00dfe", "\u3042").encode("iso2022_jp"),
            LEFT.replace("Gr\u00fc\u00dfe", "\u3042").encode("iso2022_jp"),
            id="one in ISO-2022-JP",
        ),
        pytest.param(SAID.encode("utf-16"), LEFT.encode("utf-16"), id="one in UTF-16"),
        pytest.param(
            b"\xfe\xff" + SAID.encode("utf-16-be") + b"\xd8\0\0",
            b"\xfe\xff" + LEFT.encode("utf-16-be") + b"\xd8\0\0",
            id="one in UTF-16, big end first, cut off",
        ),
        pytest.param(
            SAID.replace("coqg", "c<wbr>oq&shy;g").encode(), LEFT.encode(), id="HTML that may break"
        ),
        pytest.param(
            SAID.replace("coqg", "co\u200bqg").encode(), LEFT.encode(), id="UTF-8 that may break"
        ),
        pytest.param(
            SAID.replace("coqg", "co=E2=80=8Bqg").encode(), LEFT.encode(), id="so, encoded"
        ),
        pytest.param(
            SAID.replace("coqg", "co\u00adqg").encode("latin-1"),
            LEFT.encode("latin-1"),
            id="latin-1 that may break",
        ),
        pytest.param(
            SAID.replace("coqg", "co\r\n> > qg").encode(), LEFT.encode(), id="broken in a quote"
        ),
        pytest.param(f'["r+{TOKEN}@x.test"]'.encode(), b'["[address removed]"]', id="JSON"),
        pytest.param(PNG + SAID.encode(), PNG + SAID.encode(), id="no text: left as it came"),
    ],
)
@pytest.mark.parametrize("kind", ["application/x-log", "application/json", "image/png"])
def test_one_rule_takes_secrets_out_of_files(kind: str, octets: bytes, left: bytes) -> None:
    """What reads as text is scrubbed under any type, by itself and within an attached mail."""
    part = attached(octets, kind, "a")
    forwarded = f"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n{part}"
    alone, within = files(part, forwarded)

    assert alone.octets == left
    assert octets_of(parse(within.octets).message) == left


SECRET = f"Subject: x\r\n\r\nReply to r+{TOKEN}@reply.test\r\n".encode()
REPORT = f"Reporting-MTA: dns; a\r\n\r\nFinal-Recipient: rfc822; r+{TOKEN}@r.test\r\n".encode()
_CODED = re.compile(rb"(?:[A-Za-z0-9+/]{20,}={0,2}\r?\n?)+[A-Za-z0-9+/]{0,76}={0,2}")


def _all_of(octets: bytes) -> bytes:
    """Return octets, and what is in any base64 in them, however deep."""
    found = (b"".join(one.split()) for one in _CODED.findall(octets))
    inner = [_all_of(binascii.a2b_base64(one)) for one in found if len(one) % 4 == 0]
    return b"\0".join((octets, *inner))


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(file(SECRET, "message/global"), id="a mail"),
        pytest.param(file(REPORT, "message/delivery-status"), id="a report"),
        pytest.param(file(REPORT, "message/global-delivery-status"), id="an international report"),
        pytest.param(
            file(file(SECRET.partition(b"\r\n\r\n")[2], "text/plain").encode(), "message/global"),
            id="a mail with a text that is in base64, too",
        ),
        pytest.param(file(SECRET, "message/global").replace("=", ""), id="a mail that is cut off"),
        pytest.param(
            file(b"Received: x\r\n" * 9_000 + SECRET, "message/global"), id="a mail of many headers"
        ),
        pytest.param(
            multi("mixed", text(), file(SECRET, "Message/RFC822"), boundary="c"),
            id="a mail where base64 is not allowed",
        ),
        *(
            pytest.param(
                file(SECRET, kind).replace("base64\r\n", f"{said}\r\n"), id=f"{kind} in {said!r}"
            )
            for kind in ("message/global", "text/plain", "application/json")
            for said in ("base64 ", "Base64\t", "base64 (as ever)")
        ),
    ],
)
def test_a_mail_in_base64_gives_no_secret_away(part: str) -> None:
    """Within an attached mail, and when it is itself what is attached."""
    found = files(f"Content-Type: message/rfc822\r\n\r\nSubject: y\r\n{part}")
    shown = [_all_of(one.octets) for one in found]

    assert len(shown) == 1
    assert b"[address removed]" in shown[0]
    assert TOKEN.encode() not in shown[0]


def test_an_attached_mail_in_base64_is_a_mail() -> None:
    """RFC 6532, 3.7 allows it: the file is what was encoded, under its subject's name."""
    (found,) = files(file(SECRET, "message/global"))

    assert (found.filename, found.octets[:12]) == ("x.eml", b"Subject: x\r\n")
    assert found.octets.endswith(b"\r\n\r\nReply to [address removed]\r\n")


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(b"Subject: x\r\n\r\nHello\r\n" * 20, id="a mail"),
        pytest.param(
            binascii.a2b_base64("A2" * 22 + "+" + "A" * 31),
            id="base64 in which a token seems to be",
        ),
    ],
)
def test_base64_without_a_secret_stays_as_it_is(octets: bytes) -> None:
    """Not even its lines are broken anew."""
    part = file(octets, "message/global")
    (found,) = files(f"Content-Type: message/rfc822\r\n\r\nSubject: y\r\n{part}")

    written = found.octets.replace(b"\r\n\r\n\r\n", b"\r\n\r\n")
    assert written.strip() == f"Subject: y\r\n{part}".strip().encode()


@pytest.mark.parametrize("written", ["abcde===", "=abcde"])
def test_base64_that_is_damaged_is_read_as_far_as_it_goes(written: str) -> None:
    """A sign too many loses its own octet and no mail."""
    head = "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64"
    (found,) = files(f"{head}\r\n\r\n{written}")

    assert (found.filename, found.octets) == ("mail.eml", binascii.a2b_base64("abcd"))
