"""A person can be erased by one command: nothing of them is left, and nobody else loses a word."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from core.actions import converse, describe, opt_out, react, read, say
from core.actions import erase as erasing
from core.actions.announce import What, announce
from core.actions.erase import erase
from core.actions.look import look
from core.errors import NotFound
from core.model.attachment import Attachment
from core.model.change import Change, ChangeKind
from core.model.delivery import Attempt, Delivery
from core.model.held import HeldReply
from core.model.notification import Notification
from core.model.pending import Pending
from core.model.receipt import Receipt
from core.model.session import UserSession
from core.model.suppression import Suppression
from core.model.tables import TABLES
from core.model.user import User
from core.model.webhook import WebhookEndpoint
from core.moment import MINUTE
from core.store import conversations, messages, participants, webhooks
from core.store.database import Database, Session, open_database
from core.store.engine.dialect import table_of
from tests.support.people import APP, NOW, ROOM, a_conversation, says, words
from tests.support.racing import locked, until_waiting

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


async def test_nothing_of_a_person_is_left_in_the_log(database: Database) -> None:
    """Neither of a conversation that has ended, nor in what others were told of theirs."""
    await database.write(_a_life)
    await database.write(_an_ended_life)
    before = await database.read(_log)

    await erase(database, APP, "bo", LATER)
    after = await database.read(_log)

    assert all(secret in before for secret in ("my word", "Bo the builder", '"bo"'))
    assert [secret for secret in (*SECRETS, '"bo"') if secret in after] == []


async def test_what_others_said_is_told_still(database: Database) -> None:
    """Of their events the log keeps number and content, but for the name of who was erased."""
    await database.write(_a_life)
    await database.write(_an_ended_life)

    await erase(database, APP, "bo", LATER)
    told = await database.read(lambda s: webhooks.events_from(s, APP, "old", 1, 99))

    assert [(one.kind, one.data["conversation"]["participants"].keys()) for one in told] == [
        ("message.sent", {"alice"}), ("conversation.deleted", {"alice"})
    ]  # fmt: skip
    assert told[0].data["message"]["text"] == "Bye"


async def test_a_long_log_is_searched_in_pieces(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many changes an app has, each transaction looks at a few of them; none is missed."""
    monkeypatch.setattr(erasing, "_AT_ONCE", 2)
    await database.write(_a_life)
    await database.write(_an_ended_life)

    await erase(database, APP, "bo", LATER)

    assert '"bo"' not in await database.read(_log)


class Stepping:
    """A database that keeps what there is to see after each transaction, and may fail after one."""

    def __init__(self, database: Database, see: Callable[[Session], Any], failing: int = 0) -> None:
        """See so, and fail after so many."""
        self._database, self._see, self._failing = database, see, failing
        self.seen: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        """Return what the database has."""
        return getattr(self._database, name)

    async def write(self, work: Callable[[Session], Any]) -> Any:
        """Write, and look."""
        result = await self._database.write(work)
        self.seen.append(await self._database.read(self._see))
        if len(self.seen) == self._failing:
            raise InterruptedError
        return result


def _seen(session: Session) -> tuple[int, str]:
    """Return the conversation's number and all that is seen of it."""
    here = conversations.find(session, APP, ROOM)
    assert here is not None
    said = messages.page(session, APP, ROOM, 10, None)
    shapes = [
        describe.several(session, APP, said), describe.overviews(session, APP, [here], "")
    ]  # fmt: skip
    return here.change, json.dumps(shapes)


async def test_who_reads_anew_at_the_last_number_has_read_all(database: Database) -> None:
    """Nothing that is seen of the conversation changes after its last number was given."""
    await database.write(_a_life)
    await database.write(_reacts_and_reads)
    steps = Stepping(database, _seen)

    await erase(steps, APP, "bo", LATER)

    assert {one for one in steps.seen if one[0] == steps.seen[-1][0]} == {steps.seen[-1]}
    assert '"bo"' not in steps.seen[-1][1].replace('"senderId": "bo"', "")


@pytest.mark.parametrize("steps", range(1, 6))
async def test_who_is_interrupted_does_it_again(database: Database, steps: int) -> None:
    """After whichever transaction it ended, the second time does the rest."""
    await database.write(_a_life)
    await database.write(_an_ended_life)
    await database.write(_reacts_and_reads)

    with pytest.raises(InterruptedError):
        await erase(Stepping(database, _seen, steps), APP, "bo", LATER)
    assert await database.read(lambda s: s.get(User, (APP, "bo"))) is not None
    await erase(database, APP, "bo", LATER)
    after = await database.read(_everything)

    assert [secret for secret in SECRETS if secret in after] == []


async def test_who_decides_meanwhile_is_not_waited_for_with_their_rows_in_hand(
    postgresql_url: str,
) -> None:
    """The conversation is locked first, as everybody does it: else each waits for the other."""
    database = open_database(postgresql_url)
    await database.write(lambda session: a_conversation(session, "alice", "bo"))
    await database.write(lambda session: says(session, "alice") and None)
    whose = (APP, ROOM, "bo")
    async with locked(postgresql_url) as deciding:
        task = asyncio.create_task(
            database.write(lambda s: erasing._unwrite(s, whose=whose, now=LATER))
        )
        await until_waiting(deciding, 1)
        free = await deciding.fetch("SELECT 1 FROM pending FOR UPDATE SKIP LOCKED")
    await task
    left = await database.read(lambda s: s.get(Pending, whose))
    await database.close()

    assert len(free) == 1
    assert left is None


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


def _log(session: Session) -> str:
    """Return all that is in the log of changes."""
    log = table_of(Change)
    rows = [tuple(row) for row in session.connection().execute(select(log))]
    return json.dumps(rows, default=repr, ensure_ascii=False)


def _an_ended_life(session: Session) -> None:
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
    converse.end(session, APP, "old", NOW)
    session.flush()


def _reacts_and_reads(session: Session) -> None:
    """Let Bo react to what Alice said, and read it."""
    said = messages.last_of(session, APP, ROOM, "alice")
    assert said
    theirs = next(one for one in messages.page(session, APP, ROOM, 10, None) if one.seq == said)
    react.react(session, APP, theirs.id, "👍", "bo", NOW)
    read.mark_read(session, (APP, ROOM, "bo"), None, NOW)


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
