"""What apps share is claimed app by app, and looked at without walking what others have."""

from functools import partial

import pytest
from sqlalchemy import text

from core.model.delivery import Delivery
from core.moment import HOUR
from core.store import deliveries, pending
from core.store.database import Database, Session
from core.store.engine import due, due_looks
from core.store.engine.dialect import dialect_of
from tests.support.people import APP, NOW, a_conversation, an_app, says

_HISTORY = 3_000
_ENDED = """
INSERT INTO delivery (app_id, id, notification_id, conversation_id, user_id, channel, lane, relay,
    address, state, attempts, tries, crashes, shard, reference, message_id, created_at, ended_at)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)
SELECT 'a' || (i % 3), 'old' || i, 'n', 'c', 'u', 'email', 'email', '',
    'x@y.test', 'accepted', 1, 1, 0, 0, i, '<m>', 1, 2 FROM n
"""


def _delivery(app: str, id_: str, at: int, shard: int = 0) -> Delivery:
    return Delivery(
        app_id=app, id=id_, notification_id="n", conversation_id="c", user_id="u", shard=shard,
        address="x@y.test", reference=hash(id_) & 0xFFFFFF, message_id="<m>", created_at=NOW,
        next_attempt_at=at,
    )  # fmt: skip


def _backlog(session: Session, **apps: int) -> None:
    """Let so many deliveries of each app be due, those of the first before those of the next."""
    an_app(session)
    for place, (app, many) in enumerate(apps.items()):
        shards = 64 if dialect_of(session) == "postgresql" else 1
        for n in range(many):
            session.add(_delivery(app, f"{app}{n:04}", NOW + place * 1_000 + n, n % shards))


def _taking(limit: int, *apps: str, without: tuple[str, ...] = ()) -> due.Taking:
    return due.Taking("w", NOW + 60_000, 60_000, limit, 0, {"channel": without}, apps)


async def test_the_apps_that_are_named_give_what_they_have_in_turn(database: Database) -> None:
    """The first all of its own, earliest due first, and the next the rest."""
    await database.write(lambda s: _backlog(s, large=50, small=3))
    rows = await database.write(
        lambda s: due.claim(s, deliveries.WORK, _taking(10, "small", "large"))
    )
    again = await database.write(lambda s: due.claim(s, deliveries.WORK, _taking(99, "small")))

    assert [row[0] for row in rows] == ["small"] * 3 + ["large"] * 7
    assert sorted(row[1] for row in rows[3:]) == [f"large{n:04}" for n in range(7)]
    assert again == []


async def test_a_channel_is_passed_over_in_a_turn_too(database: Database) -> None:
    """What may not leave now is left, whoever's turn it is."""
    await database.write(lambda s: _backlog(s, small=3))
    taking = _taking(9, "small", without=("email",))

    assert await database.write(lambda s: due.claim(s, deliveries.WORK, taking)) == []


async def test_who_waits_is_seen_whoever_has_more(database: Database) -> None:
    """Only what is due counts; the operator, whose mail is of no app, is always among them."""
    await database.write(lambda s: _backlog(s, a=40, b=1, c=2, d=1))
    await database.write(lambda s: s.add(_delivery("e", "later", NOW + 900_000)))

    def look(session: Session) -> list[tuple[list[str], str | None]]:
        ask = [("", 100), ("", 2), ("b", 2), ("d", 2)]
        return [
            due_looks.apps_waiting(session, deliveries.WORK, NOW + 60_000, after, most)
            for after, most in ask
        ]

    assert await database.read(look) == [
        (["", "a", "b", "c", "d"], None),
        (["", "a", "b"], "b"),
        (["c", "d"], "d"),
        ([], None),
    ]


async def test_who_is_owed_word_is_seen_too(database: Database) -> None:
    """Bursts are shared as mails are."""

    def owe(session: Session) -> None:
        a_conversation(session, "ann", "bo")
        says(session, "ann")

    await database.write(owe)
    seen = [
        await database.read(
            partial(due_looks.apps_waiting, work=pending.WORK, now=at, after="", most=10)
        )
        for at in (NOW, NOW + HOUR)
    ]

    assert seen == [([""], None), (["", APP], None)]


@pytest.mark.parametrize(("most", "counted"), [(5, 5), (40, 40), (99, 41)])
async def test_it_is_counted_up_to_a_number(database: Database, most: int, counted: int) -> None:
    """What is claimed waits no more, and what is due later does not wait yet."""
    await database.write(lambda s: _backlog(s, a=40, b=2))
    await database.write(lambda s: s.add(_delivery("b", "later", NOW + 900_000)))
    await database.write(lambda s: due.claim(s, deliveries.WORK, _taking(1, "b")))

    assert await database.read(lambda s: deliveries.waiting(s, NOW + 60_000, most)) == counted


async def test_what_has_ended_is_never_walked(database: Database) -> None:
    """Each statement goes by an index that holds only what waits, whatever lies behind."""

    def plans(session: Session) -> list[str]:
        connection = session.connection()
        connection.execute(text(_ENDED), {"many": _HISTORY})
        connection.execute(text("ANALYZE delivery"))
        ask = "EXPLAIN QUERY PLAN" if dialect_of(session) == "sqlite" else "EXPLAIN"
        claims = [due.spelled(session, deliveries.WORK, _taking(9, *of)) for of in (("a1",), ())]
        looks = [due_looks.spelled(session, deliveries.WORK, one) for one in ("apps", "count")]
        given = {"after": "", "now": NOW, "most": 9}
        told = []
        for statement, values in (*claims, *((one, given) for one in looks)):
            names = {name: values[name] for name in statement.compile().params}
            rows = connection.execute(text(f"{ask} {statement.text}"), names)
            told.append("\n".join(str(row[-1]) for row in rows))
        return told

    await database.write(lambda s: _backlog(s, a0=40, a1=2))
    by_app, by_due, apps, count = await database.write(plans)

    for plan in (by_app, by_due, apps, count):
        assert "SCAN delivery" not in plan.replace("USING COVERING INDEX delivery_by_app", "")
        assert "Seq Scan on delivery" not in plan
    assert "delivery_by_app" in by_app
    assert "delivery_due" in by_due
    assert "delivery_by_app" in apps
    assert "delivery_due" in count
