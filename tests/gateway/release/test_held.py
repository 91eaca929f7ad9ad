"""A reply that may not be its owner's waits, and the owner decides; nobody else is written to."""

import httpx
import pytest
from sqlalchemy import update

from core.actions import found_app
from core.address import Keyring, Purpose, Token
from core.clock import SetClock
from core.model.delivery import Delivery
from core.model.held import AuthorProof, HeldReply, HeldState
from core.moment import DAY
from core.store import deliveries, held, messages, participants, receipts, users
from core.store.database import Database, Session
from core.verdict import Accept, Hold, Reason, Reject, Verdict
from gateway.context import Context
from gateway.http.asgi import build
from gateway.inbound import admit, receive
from gateway.mail.envelope import Envelope
from gateway.mailboxes import commit
from tests.support.people import APP, NOW, ROOM, a_conversation

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)
EVE = "eve@example.org"


class Street:
    """A gateway with both its doors, on a database with Ann and Bo in one conversation."""

    def __init__(self, database: Database) -> None:
        """Open on this database."""
        self.database = database
        self.clock = SetClock(NOW)
        self.at = Context(
            database, self.clock, KEYS, "http://here.test", "reply.test", mail_domain="list.test"
        )
        transport = httpx.ASGITransport(build(self.at))
        self.web = httpx.AsyncClient(transport=transport, base_url="http://here.test")
        admin = httpx.ASGITransport(build(self.at, admin=True))
        self.operator = httpx.AsyncClient(transport=admin, base_url="http://here.test")

    async def number(self) -> int:
        """Return the app's number."""
        app = await self.database.read(lambda s: found_app.existing(s, APP))
        return app.number

    async def offer(self, text: str, sender: str = EVE, headers: str = "") -> Verdict:
        """Offer a mail to Bo's address."""
        bo = await self.database.read(lambda s: participants.find(s, APP, ROOM, "bo"))
        assert bo is not None
        token = KEYS.sign(Token(Purpose.REPLY, await self.number(), bo.reference, bo.address_epoch))
        to = f"r+{token}@reply.test"
        raw = (
            f"From: {sender}\r\nSubject: Re: x\r\nMessage-ID: <{hash(text)}@x>\r\n{headers}\r\n"
            f"{text}\r\n\r\nOn Mon, 2 Nov 2026 at 10:00, Ann <n@x.test> wrote:\r\n> Is it?\r\n"
        )
        self.clock.move(1)
        admitted = await admit(to, self.at)
        if not isinstance(admitted, Accept):
            return admitted
        return await receive(Envelope(sender, (to,), "192.0.2.1"), to, raw.encode(), self.at)

    async def waiting(self) -> list[HeldReply]:
        """Return what is held, oldest first."""
        found_ = await self.database.read(
            lambda s: held.listed(s, APP, waiting_only=False, limit=50)
        )
        return sorted(found_, key=lambda one: one.id)

    async def found(self, one: HeldReply, proof: AuthorProof) -> None:
        """Let this be what was found of its sender's address when it came."""
        table = HeldReply.metadata.tables["held_reply"]
        change = update(table).where(table.c.id == one.id).values(proof=proof.value)
        await self.database.write(lambda s: s.connection().execute(change))

    async def link(self, one: HeldReply) -> str:
        """Return the link that the owner gets."""
        return f"/h/{KEYS.sign(Token(Purpose.HELD, await self.number(), one.reference))}"

    async def said(self) -> list[str | None]:
        """Return what was said in the conversation."""
        page = await self.database.read(lambda s: messages.page(s, APP, ROOM, 50, None))
        return [one.text for one in reversed(page)]

    async def mails(self) -> list[Delivery]:
        """Return what is queued to leave."""
        return await self.database.read(
            lambda s: deliveries.listed(s, APP, waiting_only=False, limit=50)
        )


@pytest.fixture
async def street(database: Database) -> Street:
    """Open both doors."""
    await database.write(lambda s: a_conversation(s, "ann", "bo"))
    return Street(database)


async def test_it_is_taken_kept_and_not_posted(street: Street) -> None:
    """The sender hears what everybody hears; the reply waits without its quote."""
    verdict = await street.offer("Send me the money.")
    (one,) = await street.waiting()
    (kept,) = await street.database.read(lambda s: receipts.listed(s, APP, 9))

    assert verdict == Hold(Reason.SENDER_MISMATCH)
    assert (one.state, one.sender, one.text) == (HeldState.WAITING, EVE, "Send me the money.")
    assert (kept.verdict, kept.id) == ("hold", one.receipt_id)
    assert await street.said() == []


async def test_p7_22_the_owner_is_asked_and_the_sender_never_written_to(street: Street) -> None:
    """One question goes to Bo's own address, and none to whoever sent the mail."""
    await street.offer("one")
    mails = await street.mails()

    assert [(one.address, one.user_id) for one in mails] == [("bo@example.net", "bo")]
    assert mails[0].held_id == (await street.waiting())[0].id


async def test_the_owner_is_asked_once_a_day(street: Street) -> None:
    """Whoever has an address cannot make us write again and again; all is kept all the same."""
    for number in range(5):
        await street.offer(f"mail {number}", sender=f"eve{number}@example.org")
    same_day = len(await street.mails())
    street.clock.move(DAY)
    await street.offer("a day later")

    assert same_day == 1
    assert len(await street.mails()) == 2
    assert len(await street.waiting()) == 6


async def test_the_same_mail_again_is_held_once(street: Street) -> None:
    """A peer that was cut off offers it again; nothing changes."""
    await street.offer("once")
    again = await street.offer("once")

    assert (type(again), again.reason) == (Accept, Reason.DUPLICATE)
    assert len(await street.waiting()) == 1


async def test_p5_36_looking_at_the_link_changes_nothing(street: Street) -> None:
    """Mail programs and scanners open links; only POST acts."""
    await street.offer("Send me the money.")
    (one,) = await street.waiting()
    page = await street.web.get(f"{await street.link(one)}?do=post")

    assert page.status_code == 200
    assert "Send me the money." in page.text
    assert "no-store" in page.headers["cache-control"]
    assert (await street.waiting())[0].state is HeldState.WAITING


async def test_yes_posts_it_without_its_quote(street: Street) -> None:
    """What was held becomes the owner's message, once, however often they say yes."""
    await street.offer("Yes, it is mine.")
    (one,) = await street.waiting()
    link = await street.link(one)
    first = await street.web.post(link, data={"do": "post"})
    await street.web.post(link, data={"do": "post"})
    await street.web.post(link, data={"do": "not_me"})
    (after,) = await street.waiting()

    assert "was posted" in first.text
    assert await street.said() == ["Yes, it is mine."]
    assert (after.state, after.ended_by) == (HeldState.POSTED, "owner")


async def test_p5_28_mine_believes_the_address_from_now_on(street: Street) -> None:
    """What was shown is posted, the next needs no question, and no mail goes there."""
    await street.offer("first")
    await street.offer("second")
    await street.offer("another's", sender="mallory@example.org")
    one = (await street.waiting())[0]
    await street.found(one, AuthorProof.PROVEN)
    page = (await street.web.get(await street.link(one))).text
    await street.web.post(await street.link(one), data={"do": "mine"})
    third = await street.offer("third")
    bo = await street.database.read(lambda s: users.find(s, APP, "bo"))

    assert await street.said() == ["first", "third"]
    assert "second" in page
    assert "another" not in page
    assert isinstance(third, Accept)
    assert bo is not None
    assert (bo.email, bo.aliases) == (["bo@example.net"], [EVE])


async def test_not_me_revokes_the_address(street: Street) -> None:
    """What waits is dropped, and the address is as dead as one that never was."""
    old = await street.database.read(lambda s: participants.find(s, APP, ROOM, "bo"))
    assert old is not None
    await street.offer("Send me the money.")
    await street.offer("Now.", sender="mallory@example.org")
    one = (await street.waiting())[0]
    token = KEYS.sign(Token(Purpose.REPLY, await street.number(), old.reference, 0))
    await street.web.post(await street.link(one), data={"do": "not_me"})

    assert [one.state for one in await street.waiting()] == [HeldState.DROPPED] * 2
    assert await admit(f"r+{token}@reply.test", street.at) == Reject(Reason.UNKNOWN_ADDRESS)
    assert await street.said() == []


@pytest.mark.parametrize("purpose", [Purpose.REPLY, Purpose.OPT_OUT, Purpose.FILE])
async def test_a_token_for_something_else_decides_nothing(street: Street, purpose: Purpose) -> None:
    """A link is good for what it was signed for."""
    await street.offer("Send me the money.")
    (one,) = await street.waiting()
    token = KEYS.sign(Token(purpose, await street.number(), one.reference))
    answer = await street.web.post(f"/h/{token}", data={"do": "post"})

    assert answer.status_code == 404
    assert await street.said() == []


async def test_several_authors_are_nobody(street: Street) -> None:
    """Two From headers, one of them Bo's: held, and no address is offered as his own."""
    await street.offer("Hi.", sender="bo@example.net", headers=f"From: {EVE}\r\n")
    (one,) = await street.waiting()
    page = await street.web.get(await street.link(one))

    assert one.reason == Reason.SENDER_MISMATCH
    assert "this address is mine" not in page.text


async def test_the_operator_lists_releases_and_drops(street: Street) -> None:
    """What nobody answers for, the operator decides; a second decision is refused."""
    await street.offer("one")
    await street.offer("two")
    listed = (await street.operator.get("/admin/held")).json()["data"]
    newest, oldest = listed[0]["id"], listed[1]["id"]
    released = await street.operator.post(f"/admin/held/{APP}/{oldest}/release")
    dropped = await street.operator.post(f"/admin/held/{APP}/{newest}/drop")
    again = await street.operator.post(f"/admin/held/{APP}/{newest}/release")

    assert released.json()["state"] == "posted"
    assert dropped.json()["state"] == "dropped"
    assert (again.status_code, again.json()["errorCode"]) == (400, "ALREADY_DECIDED")
    assert await street.said() == ["one"]


async def test_who_may_no_longer_write_cannot_be_released(street: Street) -> None:
    """The right to write is asked again: the reply stays held, and the reason is told."""
    await street.offer("one")
    (one,) = await street.waiting()

    def leave(session: Session) -> None:
        bo = participants.find(session, APP, ROOM, "bo")
        assert bo is not None
        bo.left_at = NOW
        session.add(bo)

    await street.database.write(leave)
    answer = await street.operator.post(f"/admin/held/{APP}/{one.id}/release")

    assert answer.status_code == 403
    assert (await street.waiting())[0].state is HeldState.WAITING


async def test_octets_that_are_gone_cannot_be_posted(street: Street) -> None:
    """Raw mail is kept for a set time; afterwards a held reply says that it is too late."""
    await street.offer("one")
    (one,) = await street.waiting()
    table = type(one).metadata.tables["receipt"]
    await street.database.write(lambda s: s.connection().execute(update(table).values(raw=None)))
    answer = await street.operator.post(f"/admin/held/{APP}/{one.id}/release")

    assert (answer.status_code, answer.json()["errorCode"]) == (404, "MAIL_GONE")


async def test_only_so_many_wait_at_one_address(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has got hold of an address cannot fill the list; who means well hears of it."""
    monkeypatch.setattr(commit, "MOST_HELD", 3)
    verdicts = [await street.offer(f"Number {n}", f"eve{n}@example.org") for n in range(5)]
    first = (await street.operator.get("/admin/held?limit=2")).json()["data"]
    last = f"/admin/held?limit=2&startingAfter={first[-1]['id']}"
    rest = (await street.operator.get(last)).json()["data"]

    assert [type(one) for one in verdicts] == [Hold, Hold, Hold, Reject, Reject]
    assert [one["text"] for one in (*first, *rest)] == ["Number 2", "Number 1", "Number 0"]
