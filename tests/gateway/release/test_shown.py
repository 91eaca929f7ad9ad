# ruff: noqa: RUF001 (letters of many languages look alike)
"""What is agreed to is what was shown: these words and files, all of them, and nothing else."""

import html

import httpx
import pytest
from sqlalchemy import update

from core.actions import found_app
from core.address import Purpose, Token
from core.model.delivery import Delivery, State
from core.model.held import AuthorProof, HeldReply
from core.store import held
from core.store.database import Database
from gateway.http.asgi import build
from tests.support.people import APP, NOW, ROOM
from tests.support.reception import KEYS, Gateway, a_gateway

EVE = "eve@example.org"
EVIL = {
    "english": ("I agree to pay nine hundred for the bike.", "I take back my complaint, too."),
    "german": ("Ich zahle neunhundert Euro für das Rad.", "Meine Beschwerde ziehe ich zurück."),
    "french": ("Je paie neuf cents euros pour le vélo.", "Je retire aussi ma plainte d’hier."),
    "russian": ("Я плачу девятьсот евро за велосипед.", "Свою жалобу я забираю назад."),
    "greek": ("Πληρώνω εννιακόσια ευρώ για το ποδήλατο.", "Αποσύρω και το παράπονό μου."),
    "japanese": ("自転車に九万円を払います。", "先週の苦情も取り下げます。"),
}


class Desk:
    """A gateway, its pages, and a held reply of Bo's."""

    def __init__(self, gateway: Gateway) -> None:
        """Open the pages."""
        self.gateway = gateway
        transport = httpx.ASGITransport(build(gateway.at))
        self.web = httpx.AsyncClient(transport=transport, base_url="http://here.test")

    async def holds(self, text: str, head: str = "", sender: str = EVE) -> HeldReply:
        """Offer a mail from elsewhere, and return how it waits."""
        raw = f"From: {sender}\nSubject: Re: x\nMessage-ID: <{hash(text)}@x>\n{head}\n{text}\n"
        await self.gateway.offer(raw.encode())
        every = await self.gateway.database.read(
            lambda s: held.listed(s, APP, waiting_only=True, limit=50)
        )
        return max(every, key=lambda one: one.id)

    async def change(self, one: HeldReply, **values: object) -> None:
        """Write over what is kept of it."""
        table = HeldReply.metadata.tables["held_reply"]
        change = update(table).where(table.c.id == one.id).values(**values)
        await self.gateway.database.write(lambda s: s.connection().execute(change))

    async def link(self, one: HeldReply) -> str:
        """Return the link to it."""
        app = await self.gateway.database.read(lambda s: found_app.existing(s, APP))
        return f"/h/{KEYS.sign(Token(Purpose.HELD, app.number, one.reference))}"

    async def shows(self, one: HeldReply) -> str:
        """Return its page."""
        return html.unescape((await self.web.get(await self.link(one))).text)

    async def chooses(self, one: HeldReply, do: str = "post", shown: str = "") -> str:
        """Choose, and return the page that is answered."""
        data = {"do": do} | ({"shown": shown} if shown else {})
        return (await self.web.post(await self.link(one), data=data)).text

    async def sent(self, text: str) -> None:
        """Let a digest with these words have left to Bo, with a marker of its own."""
        gone = Delivery(
            id=f"dlv_{abs(hash(text))}", app_id=APP, notification_id="",
            conversation_id=ROOM, user_id="bo", channel="email", address="bo@example.net",
            state=State.ACCEPTED, message_id=f"<{abs(hash(text))}@m>",
            reference=abs(hash(text)) % 10**9,
            created_at=NOW, ended_at=NOW, trace={"text": text, "name": "Ann"},
        )  # fmt: skip
        await self.gateway.database.write(lambda s: s.add(gone))


@pytest.fixture
async def desk(database: Database) -> Desk:
    """Open one."""
    return Desk(await a_gateway(database))


@pytest.mark.parametrize("said", EVIL.values(), ids=EVIL)
@pytest.mark.parametrize("mark", ["", "> "])
async def test_digests_that_leave_meanwhile_change_nothing(
    desk: Desk, said: tuple[str, ...], mark: str
) -> None:
    """Folded when it was shown, it stays so; shown, it stays so, whatever we know by now."""
    text = "\n".join(said)
    await desk.sent(text)
    one = await desk.holds("Sounds good!\n\nXo: Ann\n\n" + "".join(f"{mark}{x}\n" for x in said))
    for number in range(7):
        await desk.sent(f"Some chatter of number {number} about nothing at all.")
    await desk.sent(f"Sounds good!\n{text}")
    await desk.chooses(one)

    assert await desk.gateway.said() == [one.text]


async def test_what_was_shown_is_posted_whatever_its_octets_say_now(desk: Desk) -> None:
    """The words of a second reading are never posted."""
    one = await desk.holds("Yes.")
    await desk.change(one, text="What was shown.")
    await desk.chooses(one)

    assert await desk.gateway.said() == ["What was shown."]


@pytest.mark.parametrize("length", [299, 4_999, 5_001, 6_000, 49_000])
async def test_all_of_it_is_shown_and_posted(desk: Desk, length: int) -> None:
    """There is no letter at which the page ends and the message does not."""
    text = ("Thank you for it all. " * 3_000)[:length].rstrip() + "\nPS: I owe Ann five thousand."
    one = await desk.holds(text)
    page = await desk.shows(one)
    await desk.chooses(one)

    assert text in page
    assert await desk.gateway.said() == [text]


async def test_what_is_unseen_is_shown_and_posted_as_it_is(desk: Desk) -> None:
    """The page writes it out; the message is what its author wrote."""
    one = await desk.holds(
        "Pay\u202e to\u200bEve\u00ad now", "Content-Type: text/plain; charset=utf-8\n"
    )
    page = await desk.shows(one)
    await desk.chooses(one)

    assert r"Pay\u202e to\u200bEve\xad now" in page
    assert await desk.gateway.said() == [one.text]


FILE = (
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee it.\n"
    "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=deed.txt\n\n"
    "I sell the house.\n--b--\n"
)


async def test_files_are_named_and_posted(desk: Desk) -> None:
    """Each with its name, its size and its type."""
    one = await desk.holds("", FILE)
    page = await desk.shows(one)
    await desk.chooses(one)

    assert "deed.txt" in page
    assert "17 bytes, text/plain" in page
    assert [file.filename for file in await desk.gateway.came()] == ["deed.txt"]


@pytest.mark.parametrize("proof", [None, *(one for one in AuthorProof if one != "proven")])
async def test_an_address_that_was_not_proven_cannot_be_claimed(
    desk: Desk, proof: str | None
) -> None:
    """Anybody may have written it into From: it is neither offered nor done."""
    one = await desk.holds("Me again.")
    await desk.change(one, proof=proof)
    page = await desk.shows(one)
    await desk.chooses(one, "mine")

    assert "this address is mine" not in page
    assert "domain of that address" in page
    assert await desk.gateway.said() == []


async def test_a_form_that_showed_something_else_does_nothing(desk: Desk) -> None:
    """A decision is bound to what the page of its form showed."""
    one = await desk.holds("Yes.")
    again = await desk.chooses(one, shown="0123456789abcdef")

    assert "Did you write this?" in again
    assert await desk.gateway.said() == []


@pytest.mark.parametrize(("kept", "head"), [("Thank", ""), ("See it.", FILE)])
async def test_what_an_older_release_held_is_shown_whole_first(
    desk: Desk, kept: str, head: str
) -> None:
    """It kept a part of the words and no files: yes to that is no yes to the rest."""
    one = await desk.holds("" if head else "Thank you for all of it.", head)
    await desk.change(one, text=kept, files=None)
    first = await desk.chooses(one)
    before = await desk.gateway.said()
    await desk.chooses(one)

    assert ("deed.txt" if head else "for all of it.") in first
    assert before == []
    assert await desk.gateway.said() == [one.text]
