"""The same signed words in another coat are the same mail, however they are read by then."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from core.ids import new_reference
from core.model.delivery import Delivery, State
from core.store import deliveries
from core.store.database import Database
from core.verdict import Reason
from gateway.authentication.authenticate import Means
from gateway.authentication.check import SenderChecks
from gateway.authentication.resolver import RecordType
from gateway.mail.envelope import Envelope
from gateway.mail.head import Head
from gateway.mail.offer import Offer, dedupe_key, judged_key
from tests.support.people import APP, NOW, ROOM
from tests.support.reception import Gateway, a_gateway, a_mail
from tests.support.senders import Zones, rsa_key, signed

ZONES = {
    ("_dmarc.example.net", RecordType.TXT): ("v=DMARC1; p=reject",),
    ("sel._domainkey.example.net", RecordType.TXT): (rsa_key()[1],),
}
NAMED = [b"from", b"to", b"subject", b"date", b"message-id", b"content-type"]
HERS = "I agree to pay Mallory nine hundred for the bicycle, and I withdraw my complaint."
BELOW = [
    pytest.param(f"Fine with me.\n\n{HERS}", id="bare"),
    pytest.param(f"Passt mir gut.\n\nReply above this line\n{HERS}", id="below our line"),
    pytest.param(f"D'accord.\n\n-----Original Message-----\n{HERS}", id="below Outlook's line"),
    pytest.param(f"Добре.\n\n{HERS}\n\n{HERS}", id="twice"),
    pytest.param(f"好的。\n\nMallory kirjutas:\n\n{HERS}", id="below a line nobody knows"),
]
AGAIN = [
    pytest.param((b"\n\n", b" \n\n"), id="a blank at a line's end"),
    pytest.param((b"\n\n", b"\t \n\n"), id="a tab and a blank there"),
    pytest.param((b". ", b".  "), id="two blanks for one"),
    pytest.param((b"", b""), id="as it was"),
]


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Lend a thread for the libraries that block."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture
async def gateway(database: Database, pool: ThreadPoolExecutor) -> Gateway:
    """Open a gateway that knows Bo's domain."""
    means = Means(Zones(ZONES), pool)
    return await a_gateway(database, senders=SenderChecks(lambda: means), mail_domain="list.test")


async def told(gateway: Gateway, number: int, text: str) -> None:
    """Let a digest leave for Bo."""
    now = gateway.clock.now()
    delivery = Delivery(
        app_id=APP, id=f"dlv_{number}", notification_id=f"ntf_{number}", conversation_id=ROOM,
        user_id="bo", address="bo@example.net", state=State.ACCEPTED, reference=new_reference(),
        message_id=f"<n.{number}@list.test>", trace={"text": text}, created_at=now, ended_at=now,
    )  # fmt: skip
    await gateway.database.write(lambda s: deliveries.add(s, delivery))


@pytest.mark.parametrize("name", ["<1@example.net>", ""])
@pytest.mark.parametrize("change", AGAIN)
@pytest.mark.parametrize("body", BELOW)
async def test_it_is_posted_once(
    gateway: Gateway, body: str, change: tuple[bytes, bytes], name: str
) -> None:
    """Below another question, when the digest it quoted is long forgotten."""
    await told(gateway, 0, HERS)
    head = {"To": await gateway.address(), "Date": "Tue, 14 Nov 2023 20:00:00 +0000"}
    letter = a_mail(body, **head, Content_Type="text/plain; charset=utf-8", Message_ID=name)
    raw = signed(letter.replace(b"\n", b"\r\n"), "example.net", fields=NAMED)
    mail = raw.replace(b"\r\n", b"\n")
    first = await gateway.offer(mail, sender="bo@example.net")
    said = await gateway.said()
    for number in range(1, 8):
        gateway.clock.move(60_000)
        await told(gateway, number, f"Shall we say number {number}, then?")
    above, _, below = mail.partition(b"\n\n")
    again = above + b"\n\n" + below.replace(*change, 1)
    second = await gateway.offer(again, sender="m@evil.example")

    assert (first.reason, second.reason) == (Reason.POSTED, Reason.DUPLICATE)
    assert await gateway.said() == said
    assert len(said) == 1


def an_offer(body: str, more: str = "") -> Offer:
    """Return an offer of this body, behind and before more of something else."""
    raw = f"Subject: x\r\n\r\n{more}{body}".encode()
    return Offer(Envelope("bo@x", ()), "r+abc@reply.test", raw, NOW, 30)


NAMELESS = Head(identity="Bo <bo@x>\0Tue, 14 Nov\0Re: x\0")
SAME = [
    pytest.param("Yes, at nine.\r\n", "Yes, at nine. \r\n", id="a blank at the end"),
    pytest.param("Yes,  at nine.\r\n", "Yes, at nine.\r\n", id="a run of blanks"),
    pytest.param("Yes,\tat nine.\r\n", "Yes, at nine.\r\n", id="a tab"),
    pytest.param("Yes, at nine.", "Yes, at nine.\r\n\r\n\r\n", id="empty lines at the end"),
    pytest.param("Yes,\nat nine.\n", "Yes,\r\nat nine.\r\n", id="other line ends"),
    pytest.param("SGFsbG8g\r\nV2VsdA==\r\n", "SGFsbG8gV2VsdA==\r\n", id="base64 in other lines"),
]


@pytest.mark.parametrize("more", ["", "so and so\r\n" * 100_000])
@pytest.mark.parametrize("head", [Head(message_id="<1@x>"), NAMELESS])
@pytest.mark.parametrize(("one", "other"), SAME)
def test_white_space_makes_no_other_mail(one: str, other: str, head: Head, more: str) -> None:
    """A signature is good in spite of it (RFC 6376, 3.4.4); also of long mails, and cut ones."""
    for cut in (None, -3):
        a, b = (
            an_offer(one[:cut] if cut else one, more),
            an_offer(one[:cut] if cut else other, more),
        )
        assert dedupe_key(a, head) == dedupe_key(b, head)


def test_folded_header_fields_make_no_other_mail() -> None:
    """White space between them and within may be written anew (RFC 6376, 3.4.2)."""
    folded = replace(NAMELESS, identity=NAMELESS.identity.replace(" ", "\r\n  "))
    one = an_offer("Yes.")

    assert dedupe_key(one, NAMELESS) == dedupe_key(one, folded)
    assert dedupe_key(one, Head(message_id="<1@x>")) == dedupe_key(one, Head(message_id="\t<1@x>"))


def test_other_mails_have_other_keys() -> None:
    """Another letter, another Message-ID, another address, another date where there is none."""
    one, head = an_offer("Yes?"), Head(message_id="<1@x>")
    keys = [
        dedupe_key(one, head),
        dedupe_key(an_offer("Yes!"), head),
        dedupe_key(one, Head(message_id="<2@x>")),
        dedupe_key(replace(one, recipient="r+abd@reply.test"), head),
        dedupe_key(one, NAMELESS),
        dedupe_key(one, replace(NAMELESS, identity="Bo <bo@x>\0Wed, 15 Nov\0Re: x\0")),
        judged_key(dedupe_key(one, head), "discard"),
    ]

    assert len(set(keys)) == len(keys)
