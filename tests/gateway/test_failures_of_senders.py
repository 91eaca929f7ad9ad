"""Who posts, and where: what users of other systems saw go to the wrong place, or to nobody.

Each case bears the number of its row in docs/failures.md.
"""

import httpx
import pytest

from core.actions import converse
from core.address import Purpose
from core.model.participant import Access, Notify
from core.store import deliveries, messages, opt_outs, participants, receipts
from core.store.database import Database, Session
from core.verdict import Accept, Discard, Hold, Reason, Reject
from gateway.context import Context
from gateway.http.asgi import build
from gateway.inbound import admit
from tests.support import stored
from tests.support.people import APP, NOW, ROOM
from tests.support.reception import BO, KEYS, Gateway, a_gateway, a_mail
from tests.support.report_desk import a_delivery

# What becomes of a mail is the same on each engine.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

REPORT = 'multipart/report; report-type={}; boundary="r"'
COMPLAINT = (
    "--r\nContent-Type: text/plain\n\nAn abuse report.\n--r\nContent-Type: message/feedback-report"
    "\n\nFeedback-Type: abuse\nVersion: 1\nUser-Agent: x\nOriginal-Rcpt-To: bo@example.net\n\n--r--"
)
BOUNCE = (
    "--r\nContent-Type: text/plain\n\nNobody here\n--r\nContent-Type: message/delivery-status"
    "\n\nReporting-MTA: dns; mx.test\n\nFinal-Recipient: rfc822; bo@example.net\n"
    "Action: failed\nStatus: 5.1.1\n\n--r--"
)


@pytest.fixture
async def gateway(database: Database) -> Gateway:
    """Open the gateway."""
    return await a_gateway(database)


async def left(gateway: Gateway) -> dict[str, int]:
    """Count what a mail may leave behind to Bo's harm, and what would be sent because of it."""

    def work(session: Session) -> dict[str, int]:
        queued = deliveries.listed(session, APP, waiting_only=False, limit=50)
        return {
            "queued": len(queued),
            "suppressed": len(stored.suppressions(session, APP)),
            "opted out": len(opt_outs.scopes(session, APP, "bo")),
        }

    return await gateway.database.read(work)


NOTHING = {"queued": 0, "suppressed": 0, "opted out": 0}


@pytest.mark.parametrize(
    ("headers", "sender"),
    [
        pytest.param({"Auto_Submitted": "auto-replied"}, "eve@x", id="7.22 a robot's answer"),
        pytest.param({"From": "MAILER-DAEMON@x"}, "", id="7.22 a bounce of what we never sent"),
        pytest.param({"Content_Type": REPORT.format("delivery-status")}, "", id="7.22 a report"),
        pytest.param({"Subject": "x" * 20_000}, "victim@x", id="5.26 what had better not be read"),
        pytest.param({"Content_Type": "multipart/encrypted"}, "victim@x", id="5.26 what is sealed"),
        pytest.param({"Content_Type": "text/html"}, "victim@x", id="5.26 nothing to say"),
    ],
)
async def test_no_mail_is_sent_because_of_a_mail(
    gateway: Gateway, headers: dict[str, str], sender: str
) -> None:
    """A forged sender gets nothing from us: what is refused is refused while the peer listens."""
    verdict = await gateway.offer(a_mail("<p></p>", **headers), sender=sender)

    assert isinstance(verdict, Discard | Reject)
    assert await left(gateway) == NOTHING


async def test_p7_22_unknown_forged_and_foreign_addresses_queue_nothing(gateway: Gateway) -> None:
    """Spoofed senders leave the queue as empty as it was, and no receipt."""
    address = await gateway.address()
    forged = [address[:20] + letter + address[21:] for letter in "abcdefghijklmnop"]
    for to in {"r+x@reply.test", "bo@x.test", *forged} - {address}:
        await gateway.offer(a_mail(), to, sender="victim@example.org")

    assert await left(gateway) == NOTHING
    assert await gateway.database.read(lambda s: receipts.listed(s, APP, 9)) == []


@pytest.mark.parametrize(
    ("report", "kind"),
    [
        pytest.param(BOUNCE, "delivery-status", id="7.24 a bounce"),
        pytest.param(COMPLAINT, "feedback-report", id="7.25 a complaint"),
    ],
)
async def test_a_forged_report_suppresses_nobody(gateway: Gateway, report: str, kind: str) -> None:
    """Behind no bounce address of ours, whatever the report says of whom."""
    bo = await gateway.database.read(lambda s: participants.find(s, *BO))
    assert bo is not None
    # A mail to Bo under the number that Bo's own address bears.
    await gateway.database.write(lambda s: deliveries.add(s, a_delivery(bo.reference)))
    before = await left(gateway)
    mail = a_mail(report, From="feedback@isp.example", Content_Type=REPORT.format(kind))
    reply = await gateway.address()
    purpose_swapped = "b" + reply[1:]
    unknown = await gateway.address(Purpose.BOUNCE, reference=4_711, epoch=0)
    heard = [await gateway.offer(mail, to, "") for to in (reply, purpose_swapped, unknown)]

    assert [one.reason for one in heard] == [Reason.REPORT] + [Reason.UNKNOWN_ADDRESS] * 2
    assert await left(gateway) == before


@pytest.mark.parametrize(
    ("whose", "author", "verdict"),
    [
        pytest.param("ann", "Bo <bo@example.net>", Hold(Reason.SENDER_MISMATCH), id="5.25 Ann's"),
        pytest.param("", "Bo <bo@example.net>", Reject(Reason.UNKNOWN_ADDRESS), id="5.25 nobody's"),
        pytest.param(
            "bo", '"bo@example.net" <eve@x>', Hold(Reason.SENDER_MISMATCH), id="5.25 as a name"
        ),
        pytest.param(
            "bo", "eve@x (bo@example.net)", Hold(Reason.SENDER_MISMATCH), id="5.25 as a comment"
        ),
    ],
)
async def test_an_author_alone_is_nobody(
    gateway: Gateway, whose: str, author: str, verdict: object
) -> None:
    """Everybody can write Bo's address into From: the secret address comes first."""
    named = await gateway.database.read(lambda s: participants.find(s, APP, ROOM, whose or "bo"))
    assert named is not None
    reference = named.reference if whose else 4_711
    to = await gateway.address(reference=reference, epoch=named.address_epoch)

    assert await gateway.offer(a_mail("I am Bo.", From=author), to) == verdict
    assert await gateway.said() == []


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="5.30 no word of what it answers"),
        pytest.param({"In_Reply_To": "<AM0PR01@eurprd01.example>"}, id="5.30 ids made anew"),
        pytest.param({"References": "<a@b> <c@d>", "Thread_Index": "AdX=="}, id="5.30 Exchange's"),
        pytest.param({"Subject": "Order 2", "In_Reply_To": "<2@x>"}, id="5.31 another's subject"),
        pytest.param({"To": "r+other@reply.test"}, id="5.31 another's address in To"),
        pytest.param({"Subject": ""}, id="5.31 no subject"),
    ],
)
async def test_the_address_alone_says_where(gateway: Gateway, headers: dict[str, str]) -> None:
    """The secret address carries the conversation; nothing that is rewritten on the way does."""

    def elsewhere(session: Session) -> None:
        converse.put(session, APP, "order-2", {"subject": "Order 2"}, NOW)
        converse.join(session, (APP, "order-2", "bo"), Access.READ_WRITE, Notify.ALL, NOW)

    await gateway.database.write(elsewhere)
    link = "See http://here.test/c/order-2 for it."
    await gateway.offer(a_mail(link, **headers))
    other = await gateway.database.read(lambda s: messages.page(s, APP, "order-2", 9, None))

    assert await gateway.said() == [link]
    assert other == []


async def test_p5_21_the_dot_form_and_the_letters_do_not_matter(gateway: Gateway) -> None:
    """Where "+" is lost on the way, or the case, the address leads home all the same."""
    address = await gateway.address()
    ways = [address.replace("+", "."), address.upper(), address.replace("+", ".").swapcase()]

    assert [type(await admit(one, gateway.at)) for one in ways] == [Accept] * 3


AHEAD = {"Sec-Purpose": "prefetch;prerender"}
LOOKS = [("GET", {}), ("HEAD", {}), ("OPTIONS", {"Origin": "http://x.test"}), ("GET", AHEAD)]


async def test_p5_36_only_a_post_opts_out(gateway: Gateway) -> None:
    """Programs open every link of a mail: none of them unsubscribes a person."""
    link = f"/u/{(await gateway.address(Purpose.OPT_OUT))[2:46]}"
    context = Context(gateway.database, gateway.clock, KEYS, "http://here.test", "reply.test")
    transport = httpx.ASGITransport(build(context))
    async with httpx.AsyncClient(transport=transport, base_url="http://here.test") as web:
        for query in ("", "?List-Unsubscribe=One-Click", "?scope=all"):
            for method, headers in LOOKS:
                await web.request(method, link + query, headers=headers)
        before = await left(gateway)
        await web.post(link, data={"List-Unsubscribe": "One-Click"})

    assert before == NOTHING
    assert (await left(gateway))["opted out"] == 1


async def test_p5_32_both_forms_of_an_address_are_one_address(gateway: Gateway) -> None:
    """A mail that comes by two ways, one of which writes the address otherwise, is one mail."""
    address = await gateway.address()
    ways = [address, address.replace("+", "."), address.swapcase()]
    heard = [(await gateway.offer(a_mail(), to)).reason for to in ways]

    assert heard == [Reason.POSTED, Reason.DUPLICATE, Reason.DUPLICATE]
    assert await gateway.said() == ["Yes, it is."]


async def test_p5_28_an_alias_is_asked_about_and_not_refused(gateway: Gateway) -> None:
    """Who answers from another address of theirs is heard: it waits, and its owner is asked."""
    verdict = await gateway.offer(a_mail("From my other account.", From="bo@home.example"))
    queued = await gateway.database.read(
        lambda s: deliveries.listed(s, APP, waiting_only=False, limit=9)
    )

    assert verdict == Hold(Reason.SENDER_MISMATCH)
    assert [(one.user_id, one.address) for one in queued] == [("bo", "bo@example.net")]
