"""What is long over is forgotten, so much at a time; what may still be asked for stays."""

from typing import Any

import pytest
from sqlalchemy import event, func, select, text

from core.actions import forget as forgetting
from core.actions.forget import Keeping, forget
from core.model.change import Change
from core.model.day_budget import DayBudget
from core.model.delivery import Attempt, Delivery, State
from core.model.held import HeldReply, HeldState
from core.model.known_block import KnownBlocks
from core.model.notification import Notification
from core.model.receipt import Receipt
from core.model.webhook import WebhookAttempt
from core.moment import DAY, HOUR, Moment
from core.rules import block_memory
from core.rules.day_limit import day_of
from core.store import ageing, known_blocks
from core.store.database import Database, Session
from core.store.engine.dialect import dialect_of, table_of
from tests.support.people import APP, NOW, ROOM, a_conversation

KEEPING = Keeping(raw_days=30, history_days=100, endings_days=100)
_BLOCKS = block_memory.learnt(b"", [b"12345678"], b"12", NOW)
MANY = 1_203


async def test_a_row_of_every_kind_goes_when_its_time_is_over(database: Database) -> None:
    """After the history's days there is nothing left of a mail out, a mail in, a call."""
    await database.write(_a_little_of_everything)

    young = await forget(database, KEEPING, NOW + 29 * DAY)
    gone = await forget(database, KEEPING, NOW + 101 * DAY)
    again = await forget(database, KEEPING, NOW + 101 * DAY)

    assert not any(young.values())
    assert gone == {
        "held": 1, "octets": 1, "traces": 2, "sessions": 0, "changes": 2, "calls": 1,
        "deliveries": 1, "decisions": 1, "questions": 1, "endings": 1, "budgets": 1,
        "receipts": 1,
    }  # fmt: skip
    assert not any(again.values())
    assert await _left(database) == {"delivery": 1, "held_reply": 1}


async def test_what_mails_said_goes_before_that_there_were_any(database: Database) -> None:
    """After the raw days no text and no octets are left; that there was a mail is still known."""
    await database.write(_a_little_of_everything)

    gone = await forget(database, KEEPING, NOW + 31 * DAY)
    traces = await database.read(lambda s: s.connection().scalars(select(_D.c.trace)).all())
    receipt = await database.read(lambda s: s.get(Receipt, (APP, "rcp_1")))

    assert (gone["octets"], gone["traces"], gone["receipts"]) == (1, 2, 0)
    assert traces == [None, None]
    assert receipt is not None
    assert receipt.raw is None
    assert receipt.dedupe_key == "key"


async def test_a_mail_is_known_again_for_a_month_whatever_is_set(database: Database) -> None:
    """A receipt outlives the shortest history: the same mail offered again is still known."""
    await database.write(_a_little_of_everything)

    shortest = Keeping(raw_days=1, history_days=1)
    before = await forget(database, shortest, NOW + 29 * DAY)
    after = await forget(database, shortest, NOW + 31 * DAY)

    assert (before["deliveries"], before["receipts"]) == (0, 0)
    assert (after["deliveries"], after["receipts"]) == (1, 1)


async def test_much_is_forgotten_in_short_transactions(database: Database) -> None:
    """However much is over, no transaction touches more than a few hundred rows."""
    await database.write(lambda session: session.add_all(_decision(n, NOW) for n in range(MANY)))
    steps = []

    class Counting:
        async def write(self, work: Any) -> Any:
            steps.append(await database.write(work))
            return steps[-1]

    gone = await forget(Counting(), KEEPING, NOW + 101 * DAY)  # type: ignore[arg-type]

    assert gone["decisions"] == MANY
    assert max(steps) <= forgetting._AT_ONCE


@pytest.mark.own_database
async def test_what_is_old_is_found_by_an_index(database: Database) -> None:
    """No step walks a table: each finds its oldest rows by an index of their age."""
    plans = await database.write(_plans)

    assert len(plans) == 10
    for name, plan in plans.items():
        assert "_by_" in plan, name


def _plans(session: Session) -> dict[str, str]:
    """Return how the engine finds what each statement of the store's takes."""
    connection = session.connection()
    explain = "EXPLAIN QUERY PLAN "
    if dialect_of(session) == "postgresql":
        connection.execute(text("SET LOCAL enable_seqscan = off"))  # as with many rows
        explain = "EXPLAIN "
    said: list[tuple[str, Any]] = []

    def hear(_c: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        said.append((statement, given))

    event.listen(connection, "before_cursor_execute", hear)
    for step in (
        ageing.drop_raw, ageing.drop_traces, ageing.drop_changes, ageing.drop_calls,
        ageing.drop_deliveries, ageing.drop_decisions, ageing.drop_held, ageing.drop_receipts,
        known_blocks.older_than,
    ):  # fmt: skip
        step(session, NOW, 500)
    event.remove(connection, "before_cursor_execute", hear)
    return {
        statement: str(connection.exec_driver_sql(explain + statement, given).all())
        for statement, given in said
    }


async def _left(database: Database) -> dict[str, int]:
    """Return how many rows there are of each kind that can be forgotten, if any."""

    def count(session: Session) -> dict[str, int]:
        return {
            noun.__tablename__: session.connection().scalar(  # type: ignore[misc]
                select(func.count()).select_from(table_of(noun))
            )
            for noun in (
                Attempt, Delivery, Notification, Receipt, HeldReply, Change, WebhookAttempt,
                KnownBlocks,
            )
        }  # fmt: skip

    return {name: found for name, found in (await database.read(count)).items() if found}


def _a_little_of_everything(session: Session) -> None:
    """Keep one of each kind, a reply that still waits, and a delivery that has not ended."""
    a_conversation(session, "bo")
    session.add_all([
        _decision(1, NOW),
        _delivery("dlv_1", State.ACCEPTED, NOW + HOUR),
        _delivery("dlv_2", State.QUEUED, None),
        Attempt(app_id=APP, delivery_id="dlv_1", number=1, outcome="accepted", ended_at=NOW),
        Receipt(
            app_id=APP, id="rcp_1", received_at=NOW, reverse_path="", recipient="", size=1,
            dedupe_key="key", raw=b"x", raw_until=NOW + 30 * DAY, verdict="accept", reason="",
        ),
        _held("hld_1", HeldState.POSTED, NOW),
        _held("hld_2", HeldState.WAITING, None),
        KnownBlocks(app_id=APP, whose="person", owner="bo", packed=_BLOCKS, oldest_at=NOW),
        DayBudget(
            app_id=APP, conversation_id=ROOM, user_id="bo", account="words",
            day=day_of(NOW) + 99, mails=1, octets=1,
        ),
        WebhookAttempt(
            app_id=APP, endpoint_id="end_1", event_id="evt_1", number=1, outcome="", ended_at=NOW
        ),
    ])  # fmt: skip


def _decision(number: int, at: Moment) -> Notification:
    return Notification(
        app_id=APP, id=f"ntf_{number}", conversation_id=ROOM, user_id="bo", sent=True,
        reason="", first_seq=1, last_seq=1, decided_at=at,
    )  # fmt: skip


def _delivery(name: str, state: State, ended_at: Moment | None) -> Delivery:
    return Delivery(
        app_id=APP, id=name, notification_id="ntf_1", conversation_id=ROOM, user_id="bo",
        address="bo@example.net", state=state, reference=int(name[-1]), message_id=f"<{name}>",
        trace={"text": "Hello"}, created_at=NOW, ended_at=ended_at,
    )  # fmt: skip


def _held(name: str, state: HeldState, ended_at: Moment | None) -> HeldReply:
    return HeldReply(
        app_id=APP, id=name, receipt_id="rcp_1", conversation_id=ROOM, user_id="bo",
        sender="bo@example.org", reason="", state=state, reference=int(name[-1]),
        held_at=NOW, ended_at=ended_at,
    )  # fmt: skip


_D = table_of(Delivery)
