"""Of mails with no message in them a day's are kept, and each does what it asks for."""

from collections import Counter
from typing import Any

import pytest

from core.address import Purpose
from core.model.delivery import State
from core.model.opt_out import EVERYTHING
from core.rules.day_limit import DayLimit, DayLimits
from core.store import opt_outs
from core.store.database import Database
from core.verdict import Accept, Defer, Discard, Reason
from gateway.inbound import admit
from gateway.mailboxes.receipt import kept_of, octets_left
from tests.support.flooding import AWAY, a_flooded_gateway, flood, kept, numbered
from tests.support.people import APP, ROOM, a_conversation
from tests.support.reception import Gateway
from tests.support.report_desk import Desk, a_delivery, a_letter, a_report


@pytest.fixture
async def gateway(database: Database) -> Gateway:
    """Open a gateway whose day has room for three mails, of 100 KB together."""
    return await a_flooded_gateway(database)


# What has no message in it, in more forms than an attacker needs.
UNPOSTED: dict[str, tuple[Purpose, dict[str, Any]]] = {
    "an away message": (Purpose.REPLY, AWAY),
    "an away message of Exchange's": (
        Purpose.REPLY,
        {"X_Auto_Response_Suppress": "All", "Auto_Submitted": "auto-generated"},
    ),
    "a vacation in German": (
        Purpose.REPLY,
        {"Subject": "Automatische Antwort: Fahrrad", "X_Autoreply": "yes"},
    ),
    "a report at the wrong address": (
        Purpose.REPLY,
        {
            "From": "MAILER-DAEMON@y.test",
            "Auto_Submitted": "auto-replied",
            "Subject": "Undelivered",
        },
    ),
    "an opt-out": (Purpose.OPT_OUT, {"From": "x@y.test"}),
    "an opt-out of everything": (Purpose.OPT_OUT, {"Subject": "all messages"}),
    "an opt-out of a machine": (Purpose.OPT_OUT, AWAY),
}


@pytest.mark.parametrize("kind", UNPOSTED)
async def test_what_is_not_posted_is_kept_whole_then_by_its_headers_then_not(
    gateway: Gateway, kind: str
) -> None:
    """All of it is answered alike; receipts say how much is kept, and no more than a day's is."""
    purpose, headers = UNPOSTED[kind]
    to = await gateway.address(purpose)
    mails = [numbered(n, f"{n}. Nobody is here. " * 900, **headers) for n in range(9)]
    verdicts = await flood(gateway, mails, to)
    found = sorted(await kept(gateway), key=lambda one: one.received_at)
    mine = await gateway.offer(numbered(99, "But I am."))

    assert len({(type(one), one.reason) for one in verdicts}) == 1
    assert isinstance(verdicts[0], Accept | Discard)
    assert [kept_of(one) for one in found] == ["whole"] * 3 + ["headers"] * 3
    assert [one.size for one in found] == [len(one.replace(b"\n", b"\r\n")) for one in mails[:6]]
    assert octets_left(found[-1]).startswith(b"From: ")
    assert octets_left(found[-1]).endswith(b"\r\n\r\n")
    assert b"Nobody is here" not in octets_left(found[-1])
    assert mine.reason is Reason.POSTED


def _cut(mail: bytes) -> bytes:
    return mail[:-8]


def _doubled(mail: bytes) -> bytes:
    return mail + mail


def _behind_much(mail: bytes) -> bytes:
    head, _, body = mail.partition(b"\n\n")
    return head + b"\n\n" + b"Some other text.\n" * 60_000 + body


def _with_a_long_head(mail: bytes) -> bytes:
    return b"X-Long: " + b"a\n b" * 30_000 + b"\n" + mail


@pytest.mark.parametrize("made", [_cut, _doubled, _behind_much, _with_a_long_head])
@pytest.mark.parametrize("kind", UNPOSTED)
async def test_however_it_is_made_little_is_kept(gateway: Gateway, kind: str, made: Any) -> None:
    """Cut, doubled, behind a megabyte, below 100 KB of header: 16 KB of it when the day is full."""
    purpose, headers = UNPOSTED[kind]
    to = await gateway.address(purpose)
    for n in range(7):
        verdict = await gateway.offer(made(numbered(n, "Nobody is here.", **headers)), to)
        assert not isinstance(verdict, Defer)
    left = [one for one in await kept(gateway) if kept_of(one) == "headers"]

    assert all(len(octets_left(one)) <= 16 * 1024 + 4 for one in left)


async def test_an_opt_out_is_carried_out_however_many_came(gateway: Gateway) -> None:
    """Nothing is kept of it any more, and it counts."""
    to = await gateway.address(Purpose.OPT_OUT)
    await flood(gateway, [numbered(n, Subject="stop") for n in range(8)], to)
    admitted = await admit(to, gateway.at)
    before = await gateway.database.read(lambda s: opt_outs.scopes(s, APP, "bo"))
    last = await gateway.offer(numbered(9, Subject="all messages"), to)
    after = await gateway.database.read(lambda s: opt_outs.scopes(s, APP, "bo"))

    assert isinstance(admitted, Accept)
    assert last == Accept(Reason.OPTED_OUT)
    assert set(before) == {ROOM}
    assert EVERYTHING in after


async def test_a_report_counts_however_many_came(database: Database) -> None:
    """A flood to one delivery's address hides no bounce of another's; it is only not kept."""
    await database.write(lambda s: a_conversation(s, "bo"))
    desk = Desk(database, DayLimits(unposted=DayLimit(2, 100_000)))
    await desk.queue(a_delivery(1), a_delivery(2), a_delivery(3))
    many = [await desk.offer(a_letter(f"{n}", Message_ID=f"<{n}@y>"), 1) for n in range(6)]
    delayed = await desk.offer(a_report("delayed", "4.4.1"), 2)
    gone = await desk.offer(a_report(), 3)
    again = await desk.offer(a_report(), 3)
    left = sorted(await desk.receipts(), key=lambda one: one.id)

    assert {type(one) for one in many} == {Discard}
    assert (delayed, gone) == (Accept(Reason.REPORT_RECORDED), Accept(Reason.BOUNCE_RECORDED))
    assert gone == again
    assert Counter(kept_of(one) for one in left) == {"whole": 2, "headers": 2}
    assert (await desk.delivery(3)).state is State.BOUNCED


async def test_a_bare_stop_is_heard_though_a_machine_has_filled_the_day(gateway: Gateway) -> None:
    """Machines' mails cost nobody the word that ends them."""
    await flood(gateway, [numbered(n, **AWAY) for n in range(8)])
    verdict = await gateway.offer(numbered(9, "stop"))
    scopes = await gateway.database.read(lambda s: opt_outs.scopes(s, APP, "bo"))

    assert verdict.reason is Reason.OPTED_OUT
    assert set(scopes) == {ROOM}
