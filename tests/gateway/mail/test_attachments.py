"""Which parts of a mail are its files, under which names and types (peers 5, row 35; peers 7)."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.mail.attachments import FileLimits, FilePart, gather
from gateway.mail.content.pictures import LeftOutReason, Look
from gateway.mail.content.sniff import type_of
from gateway.mail.parse import parse
from tests.support.letters import (
    ICON,
    PDF,
    PNG,
    attached,
    attribute,
    file,
    inline,
    mail,
    multi,
    prop,
    properties,
    text,
    tnef_file,
    winmail,
)

TOKEN = "aeaejascoqgfvvfwi2k3ynva4fsmwhzhy562aojn5z6q"
ANY, PLAIN = FileLimits(), Look()


def files(*parts: str, limits: FileLimits = ANY, look: Look = PLAIN) -> tuple[FilePart, ...]:
    """Return the files of a mail that has a text and these parts."""
    return gather(parse(mail(multi("mixed", text(), *parts))).message, limits, look).files


def left_out(*parts: str, look: Look = PLAIN) -> list[LeftOutReason]:
    """Return why parts of such a mail are no files."""
    found = gather(parse(mail(multi("mixed", text(), *parts))).message, look=look)
    return [one.why for one in found.left_out]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        pytest.param('filename="r\u00e9sum\u00e9.pdf"', "r\u00e9sum\u00e9.pdf", id="bare UTF-8"),
        pytest.param(
            "filename*=utf-8''r%C3%A9sum%C3%A9.pdf", "r\u00e9sum\u00e9.pdf", id="RFC 2231"
        ),
        pytest.param(
            "filename*0*=utf-8''r%C3%A9;\r\n filename*1*=sum%C3%A9;\r\n filename*2=.pdf",
            "r\u00e9sum\u00e9.pdf",
            id="RFC 2231 in fragments",
        ),
        pytest.param(
            'filename="=?utf-8?q?r=C3=A9sum=C3=A9=2Epdf?="', "r\u00e9sum\u00e9.pdf", id="RFC 2047"
        ),
        pytest.param(
            "filename*=unicode_escape''a%5Cu002fb.pdf", "u002fb.pdf", id="a codec as charset"
        ),
        pytest.param("filename*=zlib''x.pdf", "x.pdf", id="a codec that is none for text"),
        pytest.param("filename*", "file.pdf", id="a parameter without a value"),
        pytest.param(f'filename="r+{TOKEN}@reply.test.pdf"', "[address removed]", id="a secret"),
    ],
)
def test_a_name_is_read_in_every_writing(header: str, name: str) -> None:
    """Names come in many encodings, and some mean harm."""
    found = files(file(PDF, "application/pdf", f"Content-Disposition: attachment; {header}"))

    assert [one.filename for one in found] == [name]


@pytest.mark.parametrize(
    ("octets", "declared", "name", "kind"),
    [
        pytest.param(PNG, "image/png", "a.png", "image/png", id="a picture"),
        pytest.param(PNG, "text/plain", "a.txt", "image/png", id="a picture that says it is text"),
        pytest.param(
            b"<html><script>", "image/png", "a.png", "text/html", id="a page as a picture"
        ),
        pytest.param(b"  <svg onload=x>", "image/png", "a.png", "text/html", id="a script in SVG"),
        pytest.param(
            b"MZ" + bytes(99), "image/png", "a", "application/octet-stream", id="a program"
        ),
        pytest.param(PDF, "application/octet-stream", "a", "application/pdf", id="undeclared"),
        pytest.param(b"a,b\n1,2\n", "text/csv", "a.csv", "text/csv", id="a table as text"),
        pytest.param("é\n".encode() * 3_000, "x/y", "a", "text/plain", id="long text"),
        pytest.param(b"\0\1\2\3", "text/plain", "a", "application/octet-stream", id="noise"),
        pytest.param(
            b"PK\x03\x04" + bytes(40),
            "application/octet-stream",
            "a.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            id="formats that share a beginning: by the ending",
        ),
    ],
)
def test_a_type_comes_from_the_octets(octets: bytes, declared: str, name: str, kind: str) -> None:
    """What the mail says of a file's type counts only where its octets agree."""
    assert type_of(octets, declared, name) == kind


@given(st.binary(max_size=300), st.text(max_size=30), st.text(max_size=30))
@settings(deadline=None, max_examples=150)
def test_any_octets_have_a_type(octets: bytes, declared: str, name: str) -> None:
    """Sniffing always answers with a well-formed type."""
    assert type_of(octets, declared, name).count("/") == 1


def test_a_mail_in_an_outlook_envelope_is_a_file_like_any() -> None:
    """What its type is said to be there exempts nothing from being scrubbed."""
    kind = prop(0x370E, 0x1F, "message/rfc822\0".encode("utf-16-le"))
    said = f"To: r+{TOKEN}@reply.test\r\n".encode()
    envelope = winmail(tnef_file("a.eml", said), attribute(0x9005, properties(kind), 2))
    (found,) = files(attached(envelope, "application/ms-tnef", "winmail.dat"))

    assert (found.filename, found.octets) == ("a.eml", b"To: [address removed]\r\n")


@pytest.mark.parametrize(
    ("part", "why"),
    [
        pytest.param(
            attached(b"\x30\0", "application/pkcs7-signature", "smime.p7s"),
            LeftOutReason.WRAPPING,
            id="an S/MIME signature",
        ),
        pytest.param(
            attached(b"-----BEGIN", "application/pgp-signature", "signature.asc"),
            LeftOutReason.WRAPPING,
            id="an OpenPGP signature",
        ),
        pytest.param(
            attached(b"\0\5\x16\7", "application/applefile", "._a"),
            LeftOutReason.WRAPPING,
            id="half of a Mac's",
        ),
        pytest.param(
            attached(b"", "application/pdf", "a.pdf"), LeftOutReason.EMPTY, id="an empty file"
        ),
        pytest.param(inline(ICON, "image/png", "f.png", "icon"), LeftOutReason.ICON, id="an icon"),
        pytest.param(
            inline(PNG, "image/png", "q.png", "quoted"), LeftOutReason.QUOTED, id="a quoted picture"
        ),
        pytest.param(
            inline(PNG + b"s", "image/png", "s.png", "s"), LeftOutReason.SEEN, id="one seen before"
        ),
    ],
)
def test_what_is_no_file_is_left_out_and_told(part: str, why: LeftOutReason) -> None:
    """The look of the page and the wrapping of the mail are not what somebody sent."""
    seen = hashlib.sha256(PNG + b"s").hexdigest()
    look = Look(
        folded=frozenset({"quoted"}), shown=frozenset({"icon", "s"}), seen=frozenset({seen})
    )

    assert left_out(part, look=look) == [why]
    assert files(part, look=look) == ()


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(
            inline(PNG, "image/png", "a.png", "shown"), id="a picture in what was written"
        ),
        pytest.param(inline(PNG, "image/png", "a.png", "other"), id="one that nothing refers to"),
        pytest.param(attached(ICON, "image/png", "a.png"), id="an icon that was attached"),
        pytest.param(attached(PNG + b"s", "image/png", "a.png"), id="one attached again"),
        pytest.param(inline(b"GIF89a", "image/gif", "a.gif", "shown"), id="one of unknown size"),
        pytest.param(file(PDF, "application/pdf", "Content-ID: <x>"), id="no picture"),
    ],
)
def test_doubt_keeps_a_picture(part: str) -> None:
    """Somebody's picture lost is worse than a logo shown."""
    seen = hashlib.sha256(PNG + b"s").hexdigest()
    look = Look(folded=frozenset({"quoted"}), shown=frozenset({"shown"}), seen=frozenset({seen}))

    assert len(files(part, look=look)) == 1


def test_every_text_is_either_said_or_a_file() -> None:
    """A text under a name is a file, also inline (Apple Mail); no part is both or neither."""
    named = text("In a file", 'Content-Disposition: inline; filename="a.txt"')
    only_type = text("Said too").replace("utf-8", 'utf-8; name="b.txt"', 1)
    read = parse(mail(multi("mixed", text(), named, only_type)))
    found = gather(read.message).files

    assert [one.filename for one in found] == ["a.txt"]
    assert "Said too" in (read.body.text or "")
    assert "In a file" not in (read.body.text or "")


def test_files_of_an_outlook_envelope_are_files() -> None:
    """A winmail.dat is unpacked: names, octets and pictures as if they had come as parts."""
    envelope = winmail(
        attribute(0x9003, properties(prop(0x1009, 0x102, b"LZFu"))),
        tnef_file("r\u00e9sum\u00e9.pdf", PDF),
        tnef_file("logo.png", ICON, "logo@x"),
    )
    found = gather(
        parse(mail(multi("mixed", text(), attached(envelope, "application/ms-tnef", "w")))).message
    )

    assert [(one.filename, one.octets) for one in found.files] == [("r\u00e9sum\u00e9.pdf", PDF)]
    assert [one.why for one in found.left_out] == [LeftOutReason.ICON]


def test_a_broken_outlook_envelope_is_kept_as_it_is() -> None:
    """What cannot be unpacked is a file: whoever gets it may have the means."""
    found = files(attached(b"\x78\x9f\x3e\x22\1\0broken", "application/ms-tnef", "winmail.dat"))

    assert [one.filename for one in found] == ["winmail.dat"]


@pytest.mark.parametrize(
    ("limits", "kept", "too_much"),
    [
        pytest.param(FileLimits(most=2), 2, "more than 2 files", id="too many"),
        pytest.param(FileLimits(each=20), 0, "a.pdf: more than 20 octets", id="one too large"),
        pytest.param(
            FileLimits(together=70), 2, "more than 70 octets of files", id="too large together"
        ),
        pytest.param(FileLimits(), 3, "", id="within all limits"),
    ],
)
def test_a_limit_is_told_not_hidden(limits: FileLimits, kept: int, too_much: str) -> None:
    """A file beyond a limit is never dropped in silence: its sender can still be told."""
    parts = [attached(PDF, "application/pdf", "a.pdf")] * 3
    found = gather(parse(mail(multi("mixed", text(), *parts))).message, limits)

    assert (len(found.files), found.too_much) == (kept, too_much)


@pytest.mark.parametrize(
    "kind", ["message/external-body", "message/partial", "message/delivery-status"]
)
def test_other_messages_are_never_entered(kind: str) -> None:
    """Parts that point elsewhere or report are no files, and what they hold is nobody's words."""
    read = parse(mail(multi("mixed", text(), f"Content-Type: {kind}\r\n\r\n{text('Not mine')}")))

    assert gather(read.message).files == ()
    assert "Not mine" not in (read.body.text or "")
