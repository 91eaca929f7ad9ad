"""Mails that are more than text: each form has its outcome, and files are kept before the post."""

import asyncio

import pytest

from core.errors import StoreUnavailable
from core.files.bucket import BucketFiles
from core.files.keep import pieces_of
from core.store import receipts
from core.store.database import Database
from core.verdict import Accept, Reason, Verdict
from gateway.mail.attachments import FileLimits
from tests.support.letters import (
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
    signed_der,
    smime,
    text,
    tnef_file,
    winmail,
)
from tests.support.people import APP
from tests.support.reception import Gateway, a_gateway

QUOTE = (
    '<p>Here it is.</p>{}<div class="gmail_quote">On Mon, 2 Nov 2026 at 10:00, Ann &lt;n@x.test'
    '&gt; wrote:<br><blockquote class="gmail_quote">Is it there?{}</blockquote></div>'
)
SEEN = '<img src="cid:seen@x">'


@pytest.fixture
async def gateway(database: Database) -> Gateway:
    """Open the gateway."""
    return await a_gateway(database)


async def offer(gateway: Gateway, part: str) -> Verdict:
    """Offer a mail as it is."""
    return await gateway.offer(mail(part).replace(b"\r\n", b"\n"))


async def test_a_file_is_posted_with_its_octets(gateway: Gateway) -> None:
    """What was attached is the message's file, byte for byte, and durable."""
    verdict = await offer(
        gateway, multi("mixed", text(), attached(PDF, "application/pdf", "a.pdf"))
    )
    (file,) = await gateway.came()
    pieces = await pieces_of(file.object_key, None, gateway.files)

    assert isinstance(verdict, Accept)
    assert (file.filename, file.content_type, file.size) == ("a.pdf", "application/pdf", len(PDF))
    assert pieces is not None
    assert b"".join([piece async for piece in pieces]) == PDF


async def test_a_file_without_a_word_is_a_message(gateway: Gateway) -> None:
    """Who only sends a photograph has said something."""
    await offer(gateway, multi("mixed", text(""), attached(PNG, "image/png", "bike.png")))

    assert [one.filename for one in await gateway.came()] == ["bike.png"]


async def test_p5_35_pictures_of_the_quote_and_icons_are_left_out(gateway: Gateway) -> None:
    """Only what was sent is posted; the receipt says what was left out, and why."""
    html = QUOTE.format('<img src="cid:mine@x"><img src="cid:icon@x">', '<img src="cid:theirs@x">')
    parts = [
        text(html, kind="text/html"),
        inline(PNG, "image/png", "mine.png", "mine@x"),
        inline(PNG + b"x", "image/png", "theirs.png", "theirs@x"),
        inline(ICON, "image/png", "icon.png", "icon@x"),
    ]
    await offer(gateway, multi("related", *parts))
    (kept,) = await gateway.database.read(lambda s: receipts.listed(s, APP, 5))

    assert [one.filename for one in await gateway.came()] == ["mine.png"]
    assert kept.evidence is not None
    assert sorted(kept.evidence["left_out"]) == [
        ["icon.png", "icon"],
        ["theirs.png", "quoted picture"],
    ]


async def test_p5_35_a_logo_that_was_there_before_is_not_posted_again(gateway: Gateway) -> None:
    """The same picture in the next mail of the conversation is part of somebody's signature."""
    for number in range(2):
        html = text(f"<p>Mail number {number}</p>{SEEN}", kind="text/html")
        picture = inline(PNG, "image/png", "logo.png", "seen@x")
        await offer(gateway, multi("related", html, picture))

    assert len(await gateway.said()) == 2
    assert [one.filename for one in await gateway.came()] == ["logo.png"]


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        pytest.param(smime(sealed(ENVELOPED)), Reason.ENCRYPTED, id="5.18 S/MIME, encrypted"),
        pytest.param(
            multi("encrypted", text("Version: 1", kind="application/pgp-encrypted"), text("x")),
            Reason.ENCRYPTED,
            id="5.18 OpenPGP, encrypted",
        ),
        pytest.param(
            text(
                "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR",
                kind="text/calendar; method=REPLY",
            ),
            Reason.CALENDAR,
            id="5.45 an answer to an invitation",
        ),
        pytest.param(
            multi(
                "report",
                text("Your mail was read"),
                text("Disposition: x; displayed", kind="message/disposition-notification"),
                more="; report-type=disposition-notification",
            ),
            Reason.READ_RECEIPT,
            id="5.45 a read receipt",
        ),
    ],
)
async def test_what_nobody_can_read_is_never_posted(
    gateway: Gateway, part: str, reason: Reason
) -> None:
    """Each form that is no words has its own outcome, and the conversation none of it."""
    verdict = await offer(gateway, part)

    assert verdict.reason is reason
    assert await gateway.said() == []


async def test_p5_18_an_envelope_is_opened_and_its_text_posted(gateway: Gateway) -> None:
    """A signed mail is read like any other: the signature is a wrapping (RFC 8551, 3.5)."""
    await offer(gateway, smime(signed_der(text("It is, come by.").encode())))

    assert await gateway.said() == ["It is, come by."]


async def test_p5_19_what_outlook_packs_is_unpacked(gateway: Gateway) -> None:
    """A winmail.dat is opened: its files are the message's files."""
    envelope = winmail(attribute(0x8008, b"IPM.Note\0"), tnef_file("a.pdf", PDF))
    await offer(gateway, multi("mixed", text(), attached(envelope, "application/ms-tnef", "w.dat")))

    assert [one.filename for one in await gateway.came()] == ["a.pdf"]


async def test_a_picture_that_is_offered_again_is_known(gateway: Gateway) -> None:
    """The conversation has it by then; the mail is a duplicate all the same, never refused."""
    html = text('<img src="cid:mine@x">', kind="text/html")
    picture = multi("related", html, inline(PNG, "image/png", "mine.png", "mine@x"))
    first, again = [await offer(gateway, picture) for _ in range(2)]

    assert (first.reason, again.reason) == (Reason.POSTED, Reason.DUPLICATE)
    assert len(await gateway.came()) == 1


async def test_stop_with_a_file_is_a_message(gateway: Gateway) -> None:
    """Who sends something has said more than that they want no more mail."""
    part = multi("mixed", text("Stop"), attached(PDF, "application/pdf", "plan.pdf"))
    verdict = await offer(gateway, part)

    assert verdict.reason is Reason.POSTED
    assert [one.filename for one in await gateway.came()] == ["plan.pdf"]


async def test_a_text_is_taken_whole_or_not(gateway: Gateway) -> None:
    """What is too long for a message is refused, not cut."""
    line = "All of this was written by hand, last night.\n"
    verdicts = [await offer(gateway, text(line * times)) for times in (1_000, 2_000)]

    assert [one.reason for one in verdicts] == [Reason.POSTED, Reason.TOO_BIG]
    assert [len(one or "") for one in await gateway.said()] == [len(line) * 1_000 - 1]


async def test_too_many_files_refuse_the_whole_mail(database: Database) -> None:
    """Nothing is left out in silence: whoever sent it is told while they can be."""
    gateway = await a_gateway(database, limits=FileLimits(most=1))
    parts = [attached(PDF + bytes([n]), "application/pdf", f"{n}.pdf") for n in range(2)]
    verdict = await offer(gateway, multi("mixed", text(), *parts))

    assert verdict.reason is Reason.TOO_BIG
    assert await gateway.said() == []


async def test_a_large_mail_does_not_stop_the_loop(gateway: Gateway) -> None:
    """What takes long is done beside the loop, which goes on serving everybody else."""
    turns = 0
    done = asyncio.Event()

    async def others() -> None:
        nonlocal turns
        while not done.is_set():
            turns += 1
            await asyncio.sleep(0)

    serving = asyncio.create_task(others())
    octets = PDF + bytes(3_000_000)
    await offer(gateway, multi("mixed", text(), attached(octets, "application/pdf", "a.pdf")))
    done.set()
    await serving

    assert [one.size for one in await gateway.came()] == [len(octets)]
    assert turns > 100


class _Full(BucketFiles):
    """A place with no room left."""

    def __init__(self) -> None:
        """Need no store."""

    async def put(self, octets: bytes) -> str:
        """Refuse."""
        raise StoreUnavailable("files: no space left on device")


async def test_what_cannot_be_kept_is_not_posted(database: Database) -> None:
    """Files first: if the disk is full, nothing is said, so that the peer may try again."""
    gateway = await a_gateway(database, files=_Full())
    part = multi("mixed", text(), attached(PDF, "application/pdf", "a.pdf"))

    with pytest.raises(StoreUnavailable):
        await offer(gateway, part)

    assert await gateway.said() == []
    assert await gateway.database.read(lambda s: receipts.listed(s, APP, 5)) == []
