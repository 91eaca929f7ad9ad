"""Each form of mail has one defined outcome (peers 5, rows 18, 19 and 45)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.verdict import Discard, Reason, Reject
from gateway.mail import machine
from gateway.mail.content import cms, tnef
from gateway.mail.content.forms import form_of
from gateway.mail.envelope import Envelope
from gateway.mail.machine.finding import Fate
from gateway.mail.parse import parse
from tests.support.letters import (
    AUTH_ENVELOPED,
    COMPRESSED,
    ENVELOPED,
    PDF,
    attached,
    attribute,
    mail,
    multi,
    prop,
    properties,
    sealed,
    signed_ber,
    signed_der,
    smime,
    text,
    tnef_file,
    winmail,
)

ARMOUR = "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n=abcd\r\n-----END PGP MESSAGE-----"
SIGNED_TEXT = (
    "-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA512\r\n\r\nHello\r\n- -- \r\nBo\r\n"
    "-----BEGIN PGP SIGNATURE-----\r\n\r\niQ==\r\n-----END PGP SIGNATURE-----"
)
HTML_BODY = properties(prop(0x1013, 0x102, b"<p>Hello</p>"), prop(0x3FDE, 0x102, b"\xe9\xfd\0\0"))
RTF_ALONE = winmail(attribute(0x9003, properties(prop(0x1009, 0x102, b"LZFu"))))


def receipt(words: str) -> str:
    """Write a read receipt (RFC 8098)."""
    inner = text("", kind="message/disposition-notification")
    return multi("report", text(words), inner, more="; report-type=disposition-notification")


@pytest.mark.parametrize(
    ("part", "said"),
    [
        pytest.param(text(), "Hello", id="a text is read as it is"),
        pytest.param(smime(signed_der(text().encode())), "Hello", id="S/MIME signed, DER"),
        pytest.param(
            smime(signed_ber(text().encode())), "Hello", id="S/MIME signed, BER in pieces"
        ),
        pytest.param(
            smime(signed_der(text().encode()), "application/x-pkcs7-mime"),
            "Hello",
            id="S/MIME under its older type",
        ),
        pytest.param(
            multi("mixed", smime(signed_der(text().encode())), text("a list's footer")),
            "Hello",
            id="S/MIME under a footer that a list put there",
        ),
        pytest.param(
            smime(signed_der(smime(signed_ber(text().encode())).encode())),
            "Hello",
            id="S/MIME signed twice",
        ),
        pytest.param(
            multi(
                "signed", text(), attached(b"\x30\0", "application/pkcs7-signature", "smime.p7s")
            ),
            "Hello",
            id="S/MIME with its signature beside it",
        ),
        pytest.param(text(SIGNED_TEXT), "Hello\n-- \nBo", id="OpenPGP signed in the text"),
        pytest.param(
            attached(winmail(attribute(0x800C, b"Hello\0")), "application/ms-tnef", "winmail.dat"),
            "Hello",
            id="TNEF alone, its text",
        ),
        pytest.param(
            multi(
                "mixed",
                text(),
                attached(winmail(tnef_file("a.pdf", PDF)), "application/ms-tnef", "x"),
            ),
            "Hello",
            id="TNEF beside a text",
        ),
        pytest.param(
            multi(
                "mixed", text(), attached(sealed(ENVELOPED), "application/pkcs7-mime", "f.xml.p7m")
            ),
            "Hello",
            id="an envelope attached as a file is a file",
        ),
        pytest.param(
            text(f"Look what I got:\r\n\r\n{ARMOUR}"), "Look", id="a text that quotes OpenPGP"
        ),
    ],
)
def test_what_can_be_read_is_read(part: str, said: str) -> None:
    """A mail that says something under some wrapping is read, under its own headers."""
    outcome = form_of(parse(mail(part)))

    assert outcome.verdict is None
    assert (outcome.mail.body.text or "").strip().startswith(said)
    assert outcome.mail.author == "bo@example.net"
    assert outcome.mail.message["from"] == "Bo <bo@example.net>"


def test_html_in_an_outlook_envelope_is_read() -> None:
    """A winmail.dat with an HTML body and nothing beside it says what it says."""
    part = attached(winmail(attribute(0x9003, HTML_BODY)), "application/ms-tnef", "winmail.dat")

    assert form_of(parse(mail(part))).mail.body.html == "<p>Hello</p>"


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        pytest.param(smime(sealed(ENVELOPED)), Reason.ENCRYPTED, id="S/MIME encrypted"),
        pytest.param(smime(sealed(AUTH_ENVELOPED)), Reason.ENCRYPTED, id="S/MIME encrypted, AEAD"),
        pytest.param(smime(sealed(COMPRESSED)), Reason.MALFORMED, id="S/MIME compressed"),
        pytest.param(smime(b"\x30\x84"), Reason.MALFORMED, id="S/MIME broken"),
        pytest.param(
            smime(signed_der(b"Content-Type: text/plain" + b";" * 32_000 + b"\r\n\r\nx")),
            Reason.TOO_COMPLEX,
            id="S/MIME around what would stall a parser",
        ),
        pytest.param(
            multi(
                "encrypted",
                attached(b"Version: 1", "application/pgp-encrypted", "v"),
                attached(ARMOUR.encode(), "application/octet-stream", "encrypted.asc"),
            ),
            Reason.ENCRYPTED,
            id="OpenPGP/MIME",
        ),
        pytest.param(
            multi(
                "mixed",
                attached(b"Version: 1", "application/pgp-encrypted", "v"),
                attached(ARMOUR.encode(), "application/octet-stream", "encrypted.asc"),
            ),
            Reason.ENCRYPTED,
            id="OpenPGP/MIME after Exchange took its type",
        ),
        pytest.param(text(ARMOUR), Reason.ENCRYPTED, id="OpenPGP in the text"),
        pytest.param(
            multi(
                "mixed",
                text("To view this message, get the app."),
                attached(b"x", "application/x-microsoft-rpmsg-message", "message.rpmsg"),
            ),
            Reason.ENCRYPTED,
            id="rights-protected",
        ),
        pytest.param(
            attached(RTF_ALONE, "application/ms-tnef", "winmail.dat"),
            Reason.RICH_TEXT,
            id="TNEF, rich text alone",
        ),
        pytest.param(
            attached(
                RTF_ALONE + tnef_file("list.pdf", b"%PDF-1.4"), "application/ms-tnef", "winmail.dat"
            ),
            Reason.RICH_TEXT,
            id="TNEF, rich text beside a file",
        ),
    ],
)
def test_what_cannot_be_read_is_refused(part: str, reason: Reason) -> None:
    """The sender hears why while they can still send it otherwise."""
    verdict = form_of(parse(mail(part))).verdict

    assert isinstance(verdict, Reject)
    assert verdict.reason is reason


@pytest.mark.parametrize(
    ("message_class", "reason"),
    [
        pytest.param(b"IPM.Microsoft Schedule.MtgRespP", Reason.CALENDAR, id="a meeting accepted"),
        pytest.param(b"IPM.Schedule.Meeting.Resp.Neg", Reason.CALENDAR, id="a meeting declined"),
        pytest.param(b"REPORT.IPM.Note.IPNRN", Reason.READ_RECEIPT, id="a read receipt"),
    ],
)
def test_a_machine_in_an_outlook_envelope_is_discarded(
    message_class: bytes, reason: Reason
) -> None:
    """Answers of calendars and mail programs are nobody's words, also as winmail.dat."""
    envelope = winmail(attribute(0x8008, message_class + b"\0"))
    part = multi(
        "mixed", text("Accepted"), attached(envelope, "application/ms-tnef", "winmail.dat")
    )
    verdict = form_of(parse(mail(part))).verdict

    assert isinstance(verdict, Discard)
    assert verdict.reason is reason


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        pytest.param(receipt("Your mail was read."), Reason.READ_RECEIPT, id="a read receipt"),
        pytest.param(
            text("BEGIN:VCALENDAR", kind="text/calendar; method=REPLY"),
            Reason.CALENDAR,
            id="a calendar's answer",
        ),
    ],
)
def test_a_machine_in_a_signed_envelope_is_found(part: str, reason: Reason) -> None:
    """What an envelope held is judged as if it had come without one."""
    opened = form_of(parse(mail(smime(signed_der(part.encode()))))).mail
    found = machine.judge(opened, Envelope("bo@example.net", ("r@x",), peer="192.0.2.1"))

    assert found is not None
    assert found.reason is reason
    assert found.fate is Fate.DISCARD


@given(st.binary(max_size=400))
@settings(deadline=None, max_examples=300)
def test_no_envelope_makes_reading_raise(octets: bytes) -> None:
    """Whatever stands in an envelope, opening it answers."""
    form_of(parse(mail(smime(octets))))

    assert cms.open_envelope(octets).sort in cms.Sort
    assert tnef.unpack(octets) is None or octets[:4] == b"\x78\x9f\x3e\x22"


@given(st.integers(0, 200), st.binary(max_size=6))
@settings(deadline=None, max_examples=300)
def test_no_damage_makes_unpacking_raise(at: int, damage: bytes) -> None:
    """An envelope with some octets overwritten is read or not, and nothing worse."""
    whole = bytearray(winmail(attribute(0x9003, HTML_BODY), tnef_file("a.pdf", PDF)))
    whole[at : at + len(damage)] = damage
    found = tnef.unpack(bytes(whole))
    signed = bytearray(signed_ber(text().encode()))
    signed[at : at + len(damage)] = damage

    assert found is None or len(found.files) <= len(whole)
    assert len(cms.open_envelope(bytes(signed)).content) <= len(signed)
