"""A person who has talked, was mailed and listened to; and all that is kept of anybody."""

import json

from sqlalchemy import select

from core.actions import converse, opt_out, react, read, say
from core.actions.announce import What, announce
from core.actions.look import look
from core.model.attachment import Attachment
from core.model.change import ChangeKind
from core.model.delivery import Attempt, Delivery
from core.model.held import HeldReply
from core.model.known_block import KnownBlocks
from core.model.notification import Notification
from core.model.receipt import Receipt
from core.model.session import UserSession
from core.model.suppression import Suppression
from core.model.tables import TABLES
from core.model.user import User
from core.model.webhook import WebhookEndpoint
from core.moment import MINUTE
from core.store import messages
from core.store.database import Session
from core.store.engine.dialect import table_of
from tests.support.people import APP, NOW, ROOM, a_conversation, says

SECRETS = ("Bo the builder", "bo@example.net", "bo@alias.test", "my word", "my context", "bo.txt")
LATER = NOW + MINUTE


def a_life(session: Session) -> None:
    """Let Bo be known, talk, be talked to, be notified, be mailed, and be listened to."""
    a_conversation(session, "alice", "bo")
    bo = session.get(User, (APP, "bo"))
    assert bo is not None
    bo.name, bo.aliases, bo.custom = "Bo the builder", ["bo@alias.test"], {"lives": "my context"}
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
        KnownBlocks(app_id=APP, whose="person", owner="bo", packed=b"my context", oldest_at=NOW),
    ])  # fmt: skip


def an_ended_life(session: Session) -> None:
    """Let Bo have spoken in a conversation that is gone, and Alice been told of what Bo said."""
    converse.put(session, APP, "old", {"participants": ["alice", "bo"]}, NOW)
    for sender, text in (("bo", "my word"), ("alice", "Bye")):
        say.say(session, say.Words(APP, "old", sender, text), NOW)
    read.mark_read(session, (APP, "old", "alice"), None, NOW)
    triggered = {
        "notificationId": "ntf_0", "recipient": {"id": "alice"}, "sender": {"id": "alice"},
        "conversation": {"id": "old", "participants": {"alice": {}, "bo": {}}},
        "messages": [{"senderId": "bo", "text": "my word"}, {"senderId": "alice", "text": "Bye"}],
    }  # fmt: skip
    what = What(ChangeKind.NOTIFICATION_TRIGGERED, user_id="alice")
    announce(session, (APP, "old"), what, NOW, lambda: triggered)
    session.add_all([
        Notification(
            app_id=APP, id="ntf_0", sent=True, reason="my context", first_seq=1, last_seq=1,
            decided_at=NOW, conversation_id="old", user_id="bo",
        ),
        Receipt(
            app_id=APP, id="rcp_0", received_at=NOW, reverse_path="bo@example.net", recipient="r+…",
            dedupe_key="old", size=1, raw=b"my word", verdict="accept", reason="",
            conversation_id="old", user_id="bo",
        ),
        _mail("dlv_8", "bo", "Dear Bo the builder", "old"),
        _mail("dlv_9", "alice", "Bo the builder: my word", "old"),
        Attempt(
            app_id=APP, delivery_id="dlv_8", number=1, outcome="failed",
            text="<bo@example.net>: no", ended_at=NOW,
        ),
    ])  # fmt: skip
    converse.end(session, APP, "old", NOW)
    session.flush()


def reacts_and_reads(session: Session) -> None:
    """Let Bo react to what Alice said, and read it."""
    said = messages.last_of(session, APP, ROOM, "alice")
    assert said
    theirs = next(one for one in messages.page(session, APP, ROOM, 10, None) if one.seq == said)
    react.react(session, APP, theirs.id, "👍", "bo", NOW)
    read.mark_read(session, (APP, ROOM, "bo"), None, NOW)


def everything(session: Session) -> str:
    """Return all that is in the database."""
    rows = [
        tuple(row)
        for noun in TABLES
        for row in session.connection().execute(select(table_of(noun)))
    ]
    return json.dumps(rows, default=repr, ensure_ascii=False)


def _mail(name: str, user_id: str, text: str, conversation_id: str = ROOM) -> Delivery:
    return Delivery(
        app_id=APP, id=name, notification_id="ntf_1",
        conversation_id=conversation_id, user_id=user_id,
        address=f"{user_id}@example.net", reference=int(name[-1]), message_id=f"<{name}>",
        trace={"text": text}, created_at=NOW,
    )  # fmt: skip
