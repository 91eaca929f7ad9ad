"""What ``mail explain`` says of a mail is what the gateway makes of it, whatever its form."""

from typing import Any, cast

import pytest

from core.store import receipts
from core.store.database import Database
from core.verdict import Reason, Reject, Verdict
from gateway.cli.mail import page, read_whole
from gateway.explained import explained
from gateway.mail.content.forms import FORMS
from gateway.mail.parse import parse
from tests.support.letters import (
    AUTH_ENVELOPED,
    COMPRESSED,
    ENVELOPED,
    ICON,
    PDF,
    PNG,
    attached,
    attribute,
    inline,
    mail,
    multi,
    sealed,
    signed_ber,
    signed_der,
    smime,
    text,
    tnef_file,
    winmail,
)
from tests.support.people import APP
from tests.support.reception import Gateway, a_gateway, a_mail
from tests.support.wordless_mails import MAILS as WORDLESS_MAILS

WINMAIL = "application/ms-tnef"
PGP_SIGNED = (
    "-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\nYes, it is.\r\n"
    "-----BEGIN PGP SIGNATURE-----\r\n\r\niQ==\r\n-----END PGP SIGNATURE-----"
)
PGP_SECRET = "-----BEGIN PGP MESSAGE-----\r\n\r\nhQ==\r\n-----END PGP MESSAGE-----"
QUOTED = "Yes, it is.\r\n\r\nOn Sat, 21 Nov 2026, Ann <a@x.test> wrote:\r\n> Is it there?"
CALENDAR = "text/calendar; method=REPLY"

MAILS = [
    pytest.param(mail(text(QUOTED)), id="a text with a quote"),
    pytest.param(mail(text("<p>Yes, <b>it is</b>.</p>", kind="text/html")), id="HTML"),
    pytest.param(
        mail(multi("alternative", text("Yes."), text("<p>Yes.</p>", kind="text/html"))),
        id="both",
    ),
    pytest.param(
        mail(multi("mixed", text(), attached(PDF, "application/pdf", "a.pdf"))), id="file"
    ),
    pytest.param(
        mail(
            multi(
                "related",
                text("<img src='cid:i@x'>Hi", kind="text/html"),
                inline(ICON, "image/png", "i.png", "i@x"),
            )
        ),
        id="an icon that is left out",
    ),
    pytest.param(mail(attached(PNG, "image/png", "photo.png")), id="a picture alone"),
    pytest.param(mail(smime(signed_der(text().encode()))), id="S/MIME, signed"),
    pytest.param(
        mail(smime(signed_der(smime(signed_ber(text().encode())).encode()))), id="signed twice"
    ),
    pytest.param(mail(smime(sealed(ENVELOPED))), id="S/MIME, encrypted"),
    pytest.param(mail(smime(sealed(AUTH_ENVELOPED))), id="S/MIME, encrypted, AEAD"),
    pytest.param(mail(smime(sealed(COMPRESSED))), id="S/MIME, compressed"),
    pytest.param(mail(smime(b"\x30\x84")), id="S/MIME, broken"),
    pytest.param(mail(text(PGP_SIGNED)), id="OpenPGP, signed in the text"),
    pytest.param(mail(text(PGP_SECRET)), id="OpenPGP, encrypted in the text"),
    pytest.param(
        mail(attached(b"x", "application/x-microsoft-rpmsg-message", "message.rpmsg")), id="rights"
    ),
    pytest.param(
        mail(attached(winmail(attribute(0x800C, b"Hello\0")), WINMAIL, "winmail.dat")),
        id="winmail.dat alone",
    ),
    pytest.param(
        mail(multi("mixed", text(), attached(winmail(tnef_file("a.pdf", PDF)), WINMAIL, "x"))),
        id="winmail.dat beside a text",
    ),
    pytest.param(
        mail(
            multi(
                "encrypted",
                attached(b"Version: 1", "application/pgp-encrypted", "v"),
                attached(b"x", "application/octet-stream", "e.asc"),
            )
        ),
        id="OpenPGP/MIME, encrypted",
    ),
    pytest.param(
        mail(
            attached(winmail(attribute(0x8008, b"IPM.Schedule.Meeting.Resp.Pos\0")), WINMAIL, "x")
        ),
        id="winmail.dat, an answer to an invitation",
    ),
    pytest.param(
        mail(attached(mail(text("Look at this.")), "message/rfc822", "a.eml")), id="a mail attached"
    ),
    pytest.param(mail(text("")), id="nothing"),
    pytest.param(mail(text("STOP")), id="stop"),
    pytest.param(mail(text("x" * 60_000)), id="too long"),
    pytest.param(mail(text("BEGIN:VCALENDAR", kind=CALENDAR)), id="an answer to an invitation"),
    pytest.param(a_mail("I am away.", Auto_Submitted="auto-replied"), id="a vacation note"),
    pytest.param(a_mail("Ich bin weg.", Subject="Abwesenheitsnotiz: x"), id="a machine's subject"),
    pytest.param(a_mail("Bo liked your message", Subject="Re: x"), id="a reaction in words"),
    pytest.param(a_mail("My address is r+" + "a" * 44 + "@reply.test, ok?"), id="a secret"),
]


RAWS = [cast("bytes", one.values[0]) for one in MAILS]


@pytest.fixture
async def gateway(database: Database) -> Gateway:
    """Open the gateway."""
    return await a_gateway(database)


async def _posted(gateway: Gateway, verdict: Verdict) -> dict[str, Any]:
    """Return what became of a mail, as far as the explanation tells of it."""
    message_id = getattr(verdict, "message_id", None)
    texts = [one or "" for one in await gateway.said()]
    return {
        "verdict": type(verdict).__name__.lower(),
        "reason": verdict.reason.value,
        "texts": texts if message_id else [],
        "files": [(one.filename, one.content_type, one.size) for one in await gateway.came()],
    }


def _told(said: dict[str, Any]) -> dict[str, Any]:
    is_posted = said["reason"] == "posted"
    files = [(one["name"], one["contentType"], one["size"]) for one in said["files"]]
    return {
        "verdict": said["verdict"],
        "reason": said["reason"],
        "texts": [said["text"]] if is_posted else [],
        "files": files if is_posted else [],
    }


@pytest.mark.parametrize("raw", MAILS)
async def test_what_is_explained_is_what_is_posted(gateway: Gateway, raw: bytes) -> None:
    """Verdict, reason, text and files: read by the same function, answered by the same rule."""
    said = explained(read_whole(raw))
    verdict = await gateway.offer(raw.replace(b"\r\n", b"\n"))

    assert _told(said) == await _posted(gateway, verdict)
    kept = await gateway.database.read(lambda session: receipts.listed(session, APP, 9))
    assert [one.reason for one in kept] == ([] if said["verdict"] == "reject" else [said["reason"]])


@pytest.mark.parametrize(
    "raw", [pytest.param(raw, id=f"{seen}: {name}") for seen, name, raw in WORDLESS_MAILS]
)
async def test_what_there_is_instead_of_words_is_explained(gateway: Gateway, raw: bytes) -> None:
    """The detail is the one by which the gateway refuses the mail."""
    said = explained(read_whole(raw))
    verdict = await gateway.offer(raw.replace(b"\r\n", b"\n"))

    assert verdict == Reject(Reason(said["reason"]), said["detail"])
    assert said["verdict"] == "reject"
    assert f"verdict: reject (nothing_to_say, {said['detail']})" in str(page(said))


def test_every_form_is_among_them() -> None:
    """A form that is added to the table is explained here, too."""
    readers = {rule.read for rule in FORMS}
    parsed = [parse(raw) for raw in RAWS]

    unseen = {read for read in readers if not any(read(mail) is not None for mail in parsed)}
    assert unseen == set()
