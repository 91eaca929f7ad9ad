"""A burst is read as far as one mail can show it; what is beyond is only counted."""

from typing import Any

import pytest
from sqlalchemy import event, insert, select

from core.actions.decide import BurstClaim, decide
from core.actions.look import look
from core.model.attachment import Attachment
from core.model.burst import Burst
from core.model.message import Message, MessageKind, Origin
from core.model.session import UserSession
from core.moment import MINUTE, SECOND, Moment
from core.rules.look_again import NotSent, Send, Why, look_again
from core.store import bursts, notifications, pending, read_markers
from core.store.database import Database, Session
from core.store.engine.dialect import table_of
from core.store.rows import row_of
from tests.support.people import APP, NOW, ROOM, a_conversation, says

MANY = 250
BO = (APP, ROOM, "bo")


def _many(session: Session, count: int = MANY, **last: Any) -> None:
    """Let Alice say one message, and then many at once, the last of them with these fields."""
    a_conversation(session, "alice", "bo")
    first = says(session, "alice")
    rows = [
        row_of(first) | {"id": f"msg_{n:05}", "seq": first.seq + n, "created_at": NOW + n * SECOND}
        for n in range(1, count)
    ]
    rows[-1] |= last
    session.connection().execute(insert(table_of(Message)), rows)


def _loaded(session: Session) -> Burst:
    burst = bursts.load(session, BO, (0, None), NOW)
    assert burst is not None
    return burst


async def test_a_long_burst_is_read_as_far_as_a_mail_shows_it(database: Database) -> None:
    """Of many messages the first are read, in order, and the rest is counted to the last."""
    await database.write(_many)

    burst = await database.read(_loaded)

    assert [one.seq for one in burst.messages] == list(range(1, bursts.MOST + 1))
    assert burst.count == MANY
    assert burst.last_seq == MANY
    assert burst.last_at == NOW + (MANY - 1) * SECOND
    assert set(burst.senders) == {"alice"}


async def test_what_just_fits_has_no_rest(database: Database) -> None:
    """As many messages as are read leave nothing to be counted."""
    await database.write(lambda session: _many(session, bursts.MOST))

    burst = await database.read(_loaded)

    assert burst.rest is None
    assert burst.count == bursts.MOST


async def test_the_newest_of_the_rest_are_read_to_be_shown(database: Database) -> None:
    """A mail shows the last few: those are read, with who wrote them and their files."""
    await database.write(lambda session: _many(session, sender_id="cy"))
    await database.write(lambda session: session.add_all([_file("msg_00120"), _file("msg_00249")]))

    burst = await database.read(_loaded)

    assert [one.seq for one in burst.newest] == list(range(MANY - bursts.NEWEST + 1, MANY + 1))
    assert set(burst.attachments) == {"msg_00249"}


async def test_what_is_answered_is_read_while_it_is_there(database: Database) -> None:
    """A message that another answers is read with who wrote it; one that is deleted is not."""
    await database.write(lambda session: _many(session, 4))

    def answering(session: Session, deleted_at: Moment | None) -> Burst:
        table = table_of(Message)
        last, first = table.c.seq == 4, table.c.seq == 1
        answer = table.update().values(
            referenced_message_id=select(table.c.id).where(first).scalar_subquery()
        )
        session.connection().execute(answer.where(last))
        session.connection().execute(table.update().where(first).values(deleted_at=deleted_at))
        return _loaded(session)

    there = await database.write(lambda session: answering(session, None))
    gone = await database.write(lambda session: answering(session, NOW))

    assert [one.seq for one in there.answered.values()] == [1]
    assert set(there.senders) == {"alice"}
    assert gone.answered == {}


async def test_files_beyond_are_not_read(database: Database) -> None:
    """Nothing is read of the files of messages that are only counted."""
    await database.write(_many)
    await database.write(lambda session: session.add_all([_file("msg_00001"), _file("msg_00200")]))

    burst = await database.read(_loaded)

    assert set(burst.attachments) == {"msg_00001"}


async def test_a_mention_beyond_is_seen(database: Database) -> None:
    """Who wants to hear of mentions only is told, however far down they are mentioned."""
    await database.write(lambda session: _many(session, mentions=["zoe", "bo"]))

    burst = await database.read(_loaded)

    assert burst.mentioned
    assert look_again(burst, NOW, NOW + 60 * MINUTE) == Send(Why.MENTIONED, ("bo@example.net",))


async def test_what_is_owed_beyond_is_owed(database: Database) -> None:
    """If all that is read owes nobody, one message of the rest still does; none of it does not."""
    await database.write(_many)

    def owing(session: Session, origin: Origin) -> object:
        table = table_of(Message)
        session.connection().execute(table.update().values(type=MessageKind.SYSTEM))
        last = table.update().where(table.c.seq == MANY)
        session.connection().execute(last.values(type=MessageKind.USER, origin=origin))
        return look_again(_loaded(session), NOW, NOW + 60 * MINUTE)

    said = await database.write(lambda session: owing(session, Origin.REST))
    imported = await database.write(lambda session: owing(session, Origin.IMPORT))

    assert said == Send(Why.MISSED, ("bo@example.net",))
    assert imported == NotSent(Why.NOTHING_LEFT)


async def test_the_decision_covers_the_whole_burst(database: Database) -> None:
    """All that was missed is in one explained state, also what no mail shows."""
    await database.write(_many)

    def decided(session: Session) -> tuple[int, int, int]:
        debt = pending.find(session, *BO)
        assert debt is not None
        decide(session, BurstClaim(*BO, debt.attempts), "example.org", NOW + 60 * MINUTE)
        (one,) = notifications.of_recipient(session, *BO)
        return one.first_seq, one.last_seq, one.messages

    assert await database.write(decided) == (1, MANY, MANY)


async def test_reading_a_part_loads_one_message_only(database: Database) -> None:
    """Who reads some of very many is owed the rest from the next message on; only that is read."""
    await database.write(_many)

    def reads(session: Session) -> tuple[int, int, int]:
        loaded: list[object] = []
        event.listen(session, "loaded_as_persistent", lambda _, found: loaded.append(found))
        read_markers.read(session, BO, 100, NOW)
        debt = pending.find(session, *BO)
        assert debt is not None
        return debt.first_seq, debt.first_missed_at, sum(type(one) is Message for one in loaded)

    assert await database.write(reads) == (101, NOW + 100 * SECOND, 1)


@pytest.mark.parametrize(
    ("told", "until"),
    [
        pytest.param({}, NOW + 20 * SECOND, id="somebody types here"),
        pytest.param({"is_typing": False}, None, id="nobody types"),
        pytest.param({"selected_conversation_id": "other"}, None, id="they type elsewhere"),
        pytest.param({"expires_at": NOW}, NOW, id="their session ended: until then"),
    ],
)
async def test_who_types_is_known_of_everybody(
    database: Database, told: dict[str, Any], until: Moment | None
) -> None:
    """A burst knows until when any session of anybody says that they type, or typed."""
    given: dict[str, Any] = {
        "selected_conversation_id": ROOM, "is_typing": True, "expires_at": NOW + 20 * SECOND,
    } | told  # fmt: skip
    presence = UserSession(app_id=APP, user_id="alice", id="tab", told_at=NOW, **given)

    def typing(session: Session) -> None:
        _many(session, 2)
        look(session, presence)

    await database.write(typing)

    assert (await database.read(_loaded)).typing_until == until


def _file(message_id: str) -> Attachment:
    return Attachment(
        app_id=APP, id=f"att_{message_id}", message_id=message_id, position=0, filename="a.txt",
        content_type="text/plain", size=1, sha256="", reference=int(message_id[4:]),
        created_at=NOW,
    )  # fmt: skip
