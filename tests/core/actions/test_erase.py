"""A person can be erased by one command: nothing of them is left, and nobody else loses a word."""

import json

import pytest
from sqlalchemy import select

from core.actions import opt_out, say
from core.actions.erase import erase
from core.actions.look import look
from core.errors import NotFound
from core.model.attachment import Attachment
from core.model.delivery import Attempt, Delivery
from core.model.held import HeldReply
from core.model.notification import Notification
from core.model.receipt import Receipt
from core.model.session import UserSession
from core.model.suppression import Suppression
from core.model.tables import TABLES
from core.model.user import User
from core.model.webhook import WebhookEndpoint
from core.moment import MINUTE
from core.store import messages, participants
from core.store.database import Database, Session
from core.store.engine.dialect import table_of
from tests.support.people import APP, NOW, ROOM, a_conversation, says, words

SECRETS = ("Bo the builder", "bo@example.net", "bo@alias.test", "my word", "my context", "bo.txt")
LATER = NOW + MINUTE


async def test_nothing_of_a_person_is_left(database: Database) -> None:
    """No table holds who they were, what they said, or what they were sent."""
    await database.write(_a_life)
    before = await database.read(_everything)

    await erase(database, APP, "bo", LATER)
    after = await database.read(_everything)

    assert [secret for secret in SECRETS if secret not in before] == []
    assert [secret for secret in SECRETS if secret in after] == []


async def test_what_others_said_stays(database: Database) -> None:
    """Alice keeps her words, and the conversation its order."""
    await database.write(_a_life)

    await erase(database, APP, "bo", LATER)
    left = await database.read(lambda s: messages.page(s, APP, ROOM, 10, None))
    said = await database.write(lambda s: say.say(s, words("alice", "Anyone?"), LATER))

    assert [one.text for one in left] == ["Bo, are you there?"]
    assert said.seq > max(one.seq for one in left)


async def test_their_address_leads_nowhere(database: Database) -> None:
    """A reply to the old address finds nobody, also when the app makes the user anew."""
    await database.write(_a_life)
    old = await database.read(lambda s: participants.find(s, APP, ROOM, "bo"))
    assert old is not None

    await erase(database, APP, "bo", LATER)

    assert await database.read(lambda s: participants.named_by(s, 0, old.reference)) is None


async def test_very_much_goes_in_pieces(database: Database) -> None:
    """However much they said, each transaction is short, and all of it goes."""
    await database.write(lambda session: a_conversation(session, "alice", "bo"))
    await database.write(lambda session: [says(session, "bo", f"my word {n}") for n in range(501)])

    await erase(database, APP, "bo", LATER)

    assert "my word" not in await database.read(_everything)


async def test_who_is_not_there_cannot_be_erased(database: Database) -> None:
    """A second time, or with a wrong id, there is nobody: the caller is told so."""
    await database.write(_a_life)
    await erase(database, APP, "bo", LATER)

    with pytest.raises(NotFound):
        await erase(database, APP, "bo", LATER)


def _everything(session: Session) -> str:
    """Return all that is in the database."""
    rows = [
        tuple(row)
        for noun in TABLES
        for row in session.connection().execute(select(table_of(noun)))
    ]
    return json.dumps(rows, default=repr, ensure_ascii=False)


def _a_life(session: Session) -> None:
    """Let Bo be known, talk, be talked to, be notified, be mailed, and be listened to."""
    a_conversation(session, "alice", "bo")
    bo = session.get(User, (APP, "bo"))
    assert bo is not None
    bo.name, bo.aliases, bo.custom = "Bo the builder", ["bo@alias.test"], {"lives": "my context"}
    session.add(bo)
    session.add(WebhookEndpoint(app_id=APP, id="w", url="https://x.test", created_at=NOW))
    session.flush()
    said = says(session, "bo", "my word")
    says(session, "alice", "Bo, are you there?")
    page = UserSession(app_id=APP, user_id="bo", id="my context", told_at=NOW, expires_at=LATER)
    look(session, page)
    opt_out.opt_out(session, (APP, "bo"), ROOM, "page", NOW)
    session.add_all([
        Attachment(
            app_id=APP, id="att_1", message_id=said.id, filename="bo.txt", content_type="x/y",
            size=1, sha256="", reference=1, created_at=NOW,
        ),
        _mail("dlv_1", "bo", "Dear Bo the builder"),
        _mail("dlv_2", "alice", "Bo the builder: my word"),
        Attempt(
            app_id=APP, delivery_id="dlv_1", number=1, outcome="failed",
            text="<bo@example.net>: no", ended_at=NOW,
        ),
        Notification(
            app_id=APP, id="ntf_1", conversation_id=ROOM, user_id="bo", sent=True, reason="",
            first_seq=2, last_seq=2, decided_at=NOW,
        ),
        Receipt(
            app_id=APP, id="rcp_1", conversation_id=ROOM, user_id="bo", received_at=NOW,
            reverse_path="bo@example.net", recipient="r+…", dedupe_key="k", size=1,
            raw=b"my word", verdict="accept", reason="",
        ),
        HeldReply(
            app_id=APP, id="hld_1", receipt_id="rcp_1", conversation_id=ROOM, user_id="bo",
            sender="bo@alias.test", reason="", text="my word", reference=1, held_at=NOW,
        ),
        Suppression(app_id=APP, address="bo@example.net", cause="x", made_at=NOW),
    ])  # fmt: skip


def _mail(name: str, user_id: str, text: str) -> Delivery:
    return Delivery(
        app_id=APP, id=name, notification_id="ntf_1", conversation_id=ROOM, user_id=user_id,
        address=f"{user_id}@example.net", reference=int(name[-1]), message_id=f"<{name}>",
        trace={"text": text}, created_at=NOW,
    )  # fmt: skip
