"""What links out of old mails still do: the table of docs/promises.md, held row by row."""

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.address import Purpose, Token
from core.clock import SetClock
from core.files.link import Link, reader_of, sign
from core.model.attachment import Attachment
from core.model.held import HeldReply
from core.moment import DAY
from core.store import apps, participants
from core.store.database import Database, Session
from tests.support.api import KEYS, Api, a_shop
from tests.support.people import NOW

_PAGE = Path(__file__).parents[3] / "docs" / "promises.md"
_WORDS = ("Why we dismiss Bo", "my word", "%PDF-1.4 secret")
_FORM = re.compile(r'name="form" value="([a-z2-7]{44})"')
_BIKE = "/conversations/bike"
_BO = f"{_BIKE}/participants/bo"

Step = tuple[str, str, Any]
WHEN: dict[str, list[Step]] = {
    "is there": [],
    "may only read": [("PUT", _BO, {"access": "Read"})],
    "may not read": [("PUT", _BO, {"access": "None"})],
    "has left": [("DELETE", _BO, None)],
    "has left and come back": [("DELETE", _BO, None), ("PUT", _BO, {})],
    "address revoked": [("DELETE", f"{_BO}/email", None)],
    "conversation deleted": [("DELETE", _BIKE, None)],
    "erased": [("DELETE", "/users/bo", None)],
}
MORE: dict[str, tuple[str, list[Step]]] = {
    "access lost, then left": (
        "has left",
        [("PUT", _BO, {"access": "None"}), ("DELETE", _BO, None)],
    ),
    "left twice": ("has left", [("DELETE", _BO, None)] * 2),
    "put out by a list": ("has left", [("DELETE", f"{_BIKE}/participants/bo", None)]),
    "access lost and given back": (
        "is there",
        [("PUT", _BO, {"access": "None"}), ("PUT", _BO, {"access": "ReadWrite"})],
    ),
    "revoked twice": ("address revoked", [("DELETE", f"{_BO}/email", None)] * 2),
    "revoked, then only reading": (
        "address revoked",
        [("DELETE", f"{_BO}/email", None), ("PUT", _BO, {"access": "Read"})],
    ),
    "somebody else left": ("is there", [("DELETE", f"{_BIKE}/participants/cy", None)]),
    "others' addresses revoked": (
        "is there",
        [("DELETE", f"{_BIKE}/participants/cy/email", None)],
    ),
}


def _told() -> dict[str, tuple[str, ...]]:
    """Return the page's table: what each kind of link does, by how things stand."""
    section = _PAGE.read_text(encoding="utf-8").partition("## What old links do")[2]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line[:1] == "|"]
    return {row[0].strip(): tuple(cell.strip() for cell in row[1:]) for row in rows[2:]}


async def _links(api: Api) -> tuple[str, str, str, str]:
    """Keep a held reply and a file, and return the links that a mail to Bo would have."""
    message_id = await api.says("ann", "See the plan")

    def work(session: Session) -> tuple[Token, int]:
        app, bo = apps.find(session, "shop"), participants.find(session, "shop", "bike", "bo")
        assert app is not None
        assert bo is not None
        octets = b"%PDF-1.4 secret"
        session.add(
            Attachment(
                app_id="shop", id="fil_1", message_id=message_id, filename="plan.pdf",
                content_type="application/pdf", size=len(octets), octets=octets, reference=78,
                sha256=hashlib.sha256(octets).hexdigest(), created_at=NOW,
            )
        )  # fmt: skip
        session.add(
            HeldReply(
                app_id="shop", id="hld_1", receipt_id="rcp_1", conversation_id="bike",
                user_id="bo", sender="x@y.test", reason="sender-mismatch", text="my word",
                reference=77, held_at=NOW,
            )
        )  # fmt: skip
        reader = reader_of(bo.reference, bo.address_epoch)
        return Token(Purpose.OPT_OUT, app.number, bo.reference, bo.address_epoch), reader

    token, reader = await api.database.write(work)
    held = KEYS.sign(Token(Purpose.HELD, token.app_number, 77))
    file = sign(Link(token.app_number, 78, NOW + DAY, reader), KEYS)
    settings = KEYS.sign(replace(token, purpose=Purpose.PREFERENCES))
    return f"/u/{KEYS.sign(token)}", f"/h/{held}", f"/f/{file}", f"/p/{settings}"


def _does(status: int, body: str) -> str:
    """Return what a link did, in the words of the table."""
    shown = [word for word in _WORDS if word in body]
    if status != 200:
        assert shown == []
        return "leads nowhere"
    return "works" if shown else "works, tells nothing"


async def _all_do(database: Database, clock: SetClock, steps: list[Step]) -> tuple[str, ...]:
    """Take the steps, then open each link and choose what it offers."""
    async with a_shop(database, clock) as api:
        links = await _links(api)
        for method, path, body in steps:
            assert (await api.ask(method, path, body)).status_code == 200
        if steps[-1:] != WHEN["conversation deleted"]:
            await api.ask("PUT", _BIKE, {"subject": "Why we dismiss Bo on Friday"})
        opened = [await api.client.get(link) for link in links]
        stopped = await api.client.post(links[0], data={"List-Unsubscribe": "One-Click"})
        form = _FORM.search(opened[3].text)
        saved = await api.client.post(
            links[3], data={"form": form[1] if form else "", "mail": "on"}
        )
        chosen = await api.client.post(links[1], data={"do": "not_me"})
    doing = tuple(_does(one.status_code, one.text) for one in opened)
    assert _does(stopped.status_code, stopped.text) == doing[0]
    assert _does(saved.status_code, saved.text) == doing[3]
    assert (chosen.status_code == 200) == (doing[1] != "leads nowhere")
    return doing


@pytest.mark.parametrize("when", WHEN)
async def test_old_links_do_what_the_page_tells(
    database: Database, clock: SetClock, when: str
) -> None:
    """Whoever may not read is shown no subject, no text and no file; opting out goes on."""
    doing = await _all_do(database, clock, WHEN[when])

    assert _told()[when] == doing


@pytest.mark.parametrize("name", MORE)
async def test_other_ways_to_the_same_end(database: Database, clock: SetClock, name: str) -> None:
    """However it came about, and whoever else it happened to."""
    like, steps = MORE[name]
    doing = await _all_do(database, clock, steps)

    assert _told()[like] == doing


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        pytest.param("Invoice \u202egnp.exe", r"Invoice \u202egnp.exe", id="turned round"),
        pytest.param("pay\u200bpal", r"pay\u200bpal", id="no width"),
        pytest.param("a\U000e0041b", r"a\U000e0041b", id="tags"),
        pytest.param("\x1b[2J", r"\x1b[2J", id="a terminal's"),
        pytest.param("\u3164", r"\u3164", id="a filler"),
        pytest.param("<b>\x9b31m", r"&lt;b&gt;\x9b31m", id="C1, and markup"),
        pytest.param("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e", id="Persian"),
    ],
)
async def test_pages_show_what_nobody_sees(
    database: Database, clock: SetClock, subject: str, shown: str
) -> None:
    """What a stranger calls a conversation stands on a page as text."""
    async with a_shop(database, clock) as api:
        links = await _links(api)
        await api.ask("PUT", _BIKE, {"subject": subject})
        pages = [(await api.client.get(link)).text for link in links[:2]]

    assert [f"<strong>{shown}</strong>" in one for one in pages] == [True, True]


async def test_a_file_is_its_readers_alone(database: Database, clock: SetClock) -> None:
    """A link that was sent to nobody who is there, or to somebody of elsewhere, leads nowhere."""
    async with a_shop(database, clock) as api:
        await _links(api)
        shop = await api.database.read(lambda session: apps.find(session, "shop"))
        assert shop is not None
        tokens = [sign(Link(shop.number, 78, NOW + DAY, one), KEYS) for one in (0, 1, 2**24 - 1)]
        answers = [(await api.client.get(f"/f/{token}")).status_code for token in tokens]

    assert answers == [404, 404, 404]
