"""Due rows are claimed in due order, in batches, and never twice."""

import asyncio
from dataclasses import replace

import pytest

from core.model.pending import Pending
from core.store import pending
from core.store.database import Database, Session
from core.store.engine import due
from core.store.engine.joined_lookup import write_all
from tests.support.people import APP, NOW, ROOM, a_conversation

PEOPLE = [f"user-{n:02}" for n in range(40)]


def _owe(session: Session) -> None:
    a_conversation(session, *PEOPLE)
    debts = [
        Pending(
            app_id=APP,
            conversation_id=ROOM,
            user_id=name,
            first_seq=1,
            first_missed_at=NOW,
            due_at=NOW + n,
        )
        for n, name in enumerate(PEOPLE)
    ]
    write_all(session, [pending.owing(session, debt) for debt in debts])


def _taking(worker: str, now: int, limit: int = 5) -> due.Taking:
    return due.Taking(worker, now, 60_000, limit)


async def test_no_row_is_claimed_twice(database: Database) -> None:
    """Eight claimers at once share the rows out."""
    await database.write(_owe)

    async def take(worker: str) -> list[str]:
        mine: list[str] = []
        while rows := await database.write(
            lambda session: due.claim(session, pending.WORK, _taking(worker, NOW + 100))
        ):
            mine += [row[2] for row in rows]
        return mine

    shares = await asyncio.gather(*(take(f"w{n}") for n in range(8)))
    taken = [name for share in shares for name in share]

    assert sorted(taken) == PEOPLE


async def test_what_waits_longest_comes_first(database: Database) -> None:
    """Of a backlog, each claim takes the oldest, wherever it lies."""
    await database.write(_owe)

    def oldest_left(session: Session) -> tuple[int | None, list[str]]:
        oldest = due.next_due(session, pending.WORK)
        rows = due.claim(session, pending.WORK, _taking("w", NOW + 100))
        return oldest, [row[2] for row in rows]

    looks = []
    while (look := await database.write(oldest_left))[1]:
        looks.append(look)

    assert all(f"user-{oldest - NOW:02}" in names for oldest, names in looks if oldest is not None)
    assert sorted(name for _, names in looks for name in names) == PEOPLE


@pytest.mark.parametrize(
    ("without", "left"),
    [
        ({"user_id": tuple(PEOPLE[:38])}, PEOPLE[38:]),
        ({"user_id": tuple(PEOPLE[:38]), "app_id": ()}, PEOPLE[38:]),
        ({"user_id": tuple(PEOPLE[:38]), "app_id": ("another",)}, PEOPLE[38:]),
        ({"user_id": tuple(PEOPLE[:38]), "app_id": (APP,)}, []),
        ({"app_id": (APP, "another")}, []),
        ({"user_id": (APP,), "app_id": tuple(PEOPLE)}, PEOPLE),
        ({"user_id": (), "app_id": ()}, PEOPLE),
    ],
)
async def test_those_who_have_enough_are_passed_over(
    database: Database, without: dict[str, tuple[str, ...]], left: list[str]
) -> None:
    """By each column that is named; the rest is found behind what is theirs."""
    await database.write(_owe)
    taking = replace(_taking("w", NOW + 100, 100), without=without)

    rows = await database.write(lambda session: due.claim(session, pending.WORK, taking))
    while more := await database.write(lambda session: due.claim(session, pending.WORK, taking)):
        rows += more

    assert sorted(row[2] for row in rows) == left


async def test_a_claim_is_given_back(database: Database) -> None:
    """It is due at once for anybody; what has been claimed anew is not touched."""
    await database.write(_owe)

    def once_and_again(session: Session) -> list[int]:
        (first,) = due.claim(session, pending.WORK, _taking("w", NOW, 1))
        due.give_back(session, pending.WORK, first, NOW)
        (second,) = due.claim(session, pending.WORK, _taking("w", NOW, 1))
        due.give_back(session, pending.WORK, first, NOW)
        return [first[3], second[3], len(due.claim(session, pending.WORK, _taking("w", NOW, 1)))]

    assert await database.write(once_and_again) == [1, 2, 0]


async def test_what_is_not_due_is_left(database: Database) -> None:
    """Only rows that are due by now are claimed."""
    await database.write(_owe)

    rows = await database.write(
        lambda session: due.claim(session, pending.WORK, _taking("w", NOW + 9, 100))
    )

    assert sorted(row[2] for row in rows) == PEOPLE[:10]


async def test_a_lease_ends(database: Database) -> None:
    """A claim is free again after its lease, under a higher fence."""
    await database.write(_owe)
    first = await database.write(
        lambda session: due.claim(session, pending.WORK, _taking("w1", NOW, 1))
    )
    during = await database.write(
        lambda session: due.claim(session, pending.WORK, _taking("w2", NOW, 1))
    )
    after = await database.write(
        lambda session: due.claim(session, pending.WORK, _taking("w2", NOW + 60_000, 100))
    )

    assert during == []
    assert [row[3] for row in after if row[2] == first[0][2]] == [first[0][3] + 1]


async def test_a_released_claim_is_due_at_once(database: Database) -> None:
    """What a dead worker had is due now."""
    await database.write(_owe)
    await database.write(lambda session: due.claim(session, pending.WORK, _taking("w", NOW, 1)))

    freed = await database.write(lambda session: due.release(session, pending.WORK, "w", NOW))
    again = await database.write(
        lambda session: due.claim(session, pending.WORK, _taking("w2", NOW, 1))
    )

    assert (freed, len(again)) == (1, 1)


async def test_one_claim_is_given_back(database: Database) -> None:
    """It is due at once and the others are not; who comes too late gives nothing back."""
    await database.write(_owe)
    first, second = await database.write(
        lambda session: due.claim(session, pending.WORK, _taking("w", NOW + 1, 2))
    )

    await database.write(lambda session: due.give_back(session, pending.WORK, first, NOW + 1))
    again = await database.write(
        lambda session: due.claim(session, pending.WORK, _taking("v", NOW + 1, 9))
    )
    await database.write(lambda session: due.give_back(session, pending.WORK, first, NOW + 1))
    late = await database.write(
        lambda session: due.claim(session, pending.WORK, _taking("u", NOW + 1, 9))
    )

    assert again == [(*first[:3], first[3] + 1)]
    assert second[2] != first[2]
    assert late == []


async def test_what_a_worker_holds_is_known(database: Database) -> None:
    """Just as it was claimed, in case the answer to the claim was lost."""
    await database.write(_owe)
    taken = await database.write(
        lambda session: due.claim(session, pending.WORK, _taking("w", NOW + 1, 2))
    )

    held = await database.read(lambda session: due.held_by(session, pending.WORK, "w"))
    nothing = await database.read(lambda session: due.held_by(session, pending.WORK, "v"))

    assert sorted(held) == sorted(taken)
    assert nothing == []


async def test_the_next_due_moment_is_known(database: Database) -> None:
    """The soonest due row tells when to look again."""
    before = await database.read(lambda session: due.next_due(session, pending.WORK))
    await database.write(_owe)

    assert before is None
    assert await database.read(lambda session: due.next_due(session, pending.WORK)) == NOW


async def test_nothing_below_the_mark_is_looked_at(database: Database) -> None:
    """Rows at or below the low-water mark are left to the next full look."""
    await database.write(_owe)
    taking = due.Taking("w", NOW + 100, 60_000, 100, above=NOW + 29)

    rows = await database.write(lambda session: due.claim(session, pending.WORK, taking))

    assert sorted(row[2] for row in rows) == PEOPLE[30:]
