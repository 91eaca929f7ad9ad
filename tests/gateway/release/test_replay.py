"""What was set aside unread can be looked at without danger, and posted once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from core.actions import converse
from core.address import Purpose
from core.client.reach import in_process
from core.model.participant import Access
from core.store import deliveries, receipts
from core.store.database import Database
from core.verdict import Hold, Reason
from gateway.context import Context
from gateway.http.asgi import build
from gateway.isolation.crash_log import DEATHS, CrashLog
from gateway.isolation.offload import Readers
from gateway.mail.envelope import Envelope
from gateway.mail.offer import Offer
from tests.support.people import APP, NOW
from tests.support.reception import BO, KEYS, Gateway, a_gateway, a_mail
from tests.support.report_desk import a_delivery, a_report


@pytest.fixture
async def gateway(database: Database, tmp_path: Path) -> AsyncIterator[Gateway]:
    """Open a gateway that can set mails aside."""
    log = CrashLog(tmp_path)
    yield await a_gateway(database, readers=Readers(log))
    log.close()


async def _set_aside(gateway: Gateway, mail: bytes, to: str | None = None) -> str:
    """Let the gateway have died of a mail, offer it again, and return its receipt's id."""
    raw = mail.replace(b"\n", b"\r\n")
    digest = Offer(Envelope("", ()), "", raw, NOW, 1).content_digest
    assert gateway.at.readers.crash_log is not None
    for _ in range(DEATHS):
        gateway.at.readers.crash_log.count(digest)
    assert await gateway.offer(mail, to) == Hold(Reason.QUARANTINED)
    (kept,) = await gateway.database.read(lambda s: receipts.listed(s, APP, 1))
    return kept.id


@asynccontextmanager
async def _operator(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    context = Context(
        gateway.database, gateway.clock, KEYS, "http://n.test", "reply.test", files=gateway.files
    )
    async with in_process(build(context, admin=True)) as admin:
        yield admin


FILE = a_mail(
    "--x\nContent-Type: text/plain\n\nSee there.\n--x\n"
    'Content-Type: text/plain; name="a.txt"\nContent-Disposition: attachment\n\nhi\n--x--',
    MIME_Version="1.0",
    Content_Type='multipart/mixed; boundary="x"',
)


async def test_it_is_looked_at_and_then_posted_with_its_files(gateway: Gateway) -> None:
    """Looking posts nothing; posting makes it its author's message, and says so on the receipt."""
    id_ = await _set_aside(gateway, FILE)
    async with _operator(gateway) as admin:
        looked = (await admin.post(f"/admin/receipts/{APP}/{id_}/replay")).json()
        before = await gateway.said()
        posted = await admin.post(f"/admin/receipts/{APP}/{id_}/post")
    kept = await gateway.database.read(lambda s: receipts.find(s, APP, id_))

    assert (looked["author"], looked["text"]) == ("bo@example.net", "See there.")
    assert looked["files"] == [{"name": "a.txt", "contentType": "text/plain", "size": 2}]
    assert before == []
    assert posted.status_code == 200
    assert await gateway.said() == ["See there."]
    assert [one.filename for one in await gateway.came()] == ["a.txt"]
    assert kept is not None
    assert (kept.verdict, kept.message_id) == ("accept", posted.json()["messageId"])
    assert kept.detail == "posted by operator"


async def test_it_is_posted_once(gateway: Gateway) -> None:
    """Also if it is asked for twice at the same time."""
    id_ = await _set_aside(gateway, a_mail())
    async with _operator(gateway) as admin:
        path = f"/admin/receipts/{APP}/{id_}/post"
        answers = await asyncio.gather(admin.post(path), admin.post(path))

    assert sorted(one.status_code for one in answers) == [200, 400]
    assert await gateway.said() == ["Yes, it is."]


async def test_who_lost_the_right_to_write_is_not_spoken_for(gateway: Gateway) -> None:
    """What RCPT would refuse today is not posted by a command either."""
    id_ = await _set_aside(gateway, a_mail())
    await gateway.database.write(
        lambda session: converse.change(session, BO, Access.READ, None, NOW) and None
    )
    async with _operator(gateway) as admin:
        refused = await admin.post(f"/admin/receipts/{APP}/{id_}/post")

    assert refused.status_code in {400, 403}
    assert await gateway.said() == []


async def test_what_was_read_before_is_not_posted_so(gateway: Gateway) -> None:
    """A held reply has its own way, and what was posted is posted."""
    await gateway.offer(a_mail())
    await gateway.offer(a_mail(From="Eve <eve@evil.test>", Message_ID="<2@x>"))
    kept = await gateway.database.read(lambda s: receipts.listed(s, APP, 9))
    async with _operator(gateway) as admin:
        answers = [await admin.post(f"/admin/receipts/{APP}/{one.id}/post") for one in kept]
        missing = await admin.post(f"/admin/receipts/{APP}/rcp_0/replay")

    assert [one.json()["errorCode"] for one in answers] == ["NOT_QUARANTINED"] * 2
    assert missing.status_code == 404


async def test_what_came_to_another_address_is_no_message(gateway: Gateway) -> None:
    """A mail to the opt-out address can be looked at, and is nothing anybody said."""
    id_ = await _set_aside(gateway, a_mail(), await gateway.address(Purpose.OPT_OUT))
    async with _operator(gateway) as admin:
        refused = await admin.post(f"/admin/receipts/{APP}/{id_}/post")

    assert refused.json()["errorCode"] == "NO_REPLY"
    assert await gateway.said() == []


async def test_a_mail_that_says_nothing_is_not_posted(gateway: Gateway) -> None:
    """An empty message helps nobody."""
    id_ = await _set_aside(gateway, a_mail(""))
    async with _operator(gateway) as admin:
        refused = await admin.post(f"/admin/receipts/{APP}/{id_}/post")

    assert refused.json()["errorCode"] == "NOTHING_TO_SAY"
    assert refused.json()["reasons"] == ["This mail cannot be posted: it says nothing (nothing)."]


async def test_a_report_says_what_was_answered_to_it(gateway: Gateway) -> None:
    """A mail that came to no reply address has no verdict of a reply's."""
    await gateway.database.write(lambda s: deliveries.add(s, a_delivery(99, created_at=NOW)))
    to = await gateway.address(Purpose.BOUNCE, reference=99)
    await gateway.offer(a_report(), to, "")
    (kept,) = await gateway.database.read(lambda s: receipts.listed(s, APP, 9))
    async with _operator(gateway) as admin:
        told = (await admin.post(f"/admin/receipts/{APP}/{kept.id}/replay")).json()

    assert (told["verdict"], told["reason"]) == ("accept", "bounce_recorded")


async def test_what_was_posted_by_another_way_is_not_posted_again(gateway: Gateway) -> None:
    """The copy that killed nobody was posted; this one is told so, and closed."""
    id_ = await _set_aside(gateway, a_mail("See there."))
    other = await gateway.offer(a_mail("See there.\n\n-- \nBo"))
    async with _operator(gateway) as admin:
        told = await admin.post(f"/admin/receipts/{APP}/{id_}/post")
        again = await admin.post(f"/admin/receipts/{APP}/{id_}/post")
    kept = await gateway.database.read(lambda s: receipts.find(s, APP, id_))

    assert other.reason is Reason.POSTED
    assert [told.json()["errorCode"], again.json()["errorCode"]] == [
        "ALREADY_POSTED",
        "NOT_QUARANTINED",
    ]
    assert kept is not None
    assert (kept.verdict, kept.reason) == ("accept", "duplicate")
    assert await gateway.said() == ["See there."]


async def test_what_was_posted_after_all_is_known_by_its_words(gateway: Gateway) -> None:
    """A copy that comes after the operator has posted it is a duplicate."""
    id_ = await _set_aside(gateway, a_mail("See there."))
    async with _operator(gateway) as admin:
        await admin.post(f"/admin/receipts/{APP}/{id_}/post")
    other = await gateway.offer(a_mail("See there.\n\n-- \nBo"))

    assert other.reason is Reason.DUPLICATE
    assert await gateway.said() == ["See there."]
