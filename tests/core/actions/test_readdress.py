"""An address that is corrected while a mail waits is used, once."""

from typing import Any

import pytest

from core.actions import people, readdress, settle
from core.actions.explain import explain
from core.actions.queue import queue
from core.email_address import comparable
from core.model.delivery import Delivery
from core.model.suppression import Suppression
from core.moment import HOUR, MINUTE, in_words
from core.outcome import Accepted, Cause, Deferred, Failed, PeerReply, Uncertain
from core.rules.look_again import Why, still_owed
from core.store import bursts, deliveries, notifications, opt_outs, users
from core.store.database import Database, Session
from tests.support.owed_mails import addresses, owe_mails
from tests.support.people import APP, NOW, ROOM

BO = (APP, ROOM, "bo")
LATER = NOW + HOUR
GONE = Failed(Cause.INVALID_RECIPIENT, PeerReply(550, "5.1.1", "No such user"))


def _set(session: Session, *addresses: str) -> None:
    people.put_user(session, APP, "bo", {"email": list(addresses)}, LATER)


def _at(session: Session, address: str) -> Delivery:
    """Return the newest delivery to an address as it was written."""
    found = deliveries.listed(session, APP, waiting_only=False, limit=99)
    return next(one for one in found if one.address == address)


def _look(session: Session) -> None:
    """Look at all that waits for the last time before it leaves, as the notifier does."""
    (decided,) = notifications.of_recipient(session, *BO)
    for one in deliveries.listed(session, APP, waiting_only=True, limit=99):
        burst = bursts.load(session, BO, (decided.first_seq, decided.last_seq), LATER)
        assert burst is not None
        why = still_owed(burst, one.address, LATER)
        if why is not None:
            readdress.cancel(session, one, why, "reply.test", LATER)
            session.expire_all()


TYPO, RIGHT, WORK = "bo@exmaple.net", "bo@example.net", "bo@work.example"
CANCELLED, QUEUED = ("cancelled", "address_changed"), ("queued", None)


@pytest.mark.parametrize(
    ("before", "changes", "then"),
    [
        pytest.param([TYPO], [[RIGHT]], {TYPO: CANCELLED, RIGHT: QUEUED}, id="a typo is corrected"),
        pytest.param(
            [TYPO, WORK],
            [[RIGHT, WORK]],
            {TYPO: CANCELLED, WORK: QUEUED, RIGHT: QUEUED},
            id="one of two",
        ),
        pytest.param(
            [TYPO, WORK],
            [[RIGHT]],
            {TYPO: CANCELLED, WORK: CANCELLED, RIGHT: QUEUED},
            id="two become one: one mail",
        ),
        pytest.param([TYPO, WORK], [[WORK]], {TYPO: CANCELLED, WORK: QUEUED}, id="one removed"),
        pytest.param(
            [TYPO],
            [[RIGHT, WORK]],
            {TYPO: CANCELLED, RIGHT: QUEUED, WORK: QUEUED},
            id="one becomes two",
        ),
        pytest.param([RIGHT], [[TYPO], [RIGHT]], {RIGHT: QUEUED}, id="and back, unseen"),
        pytest.param([RIGHT], [["BO@EXAMPLE.NET"]], {RIGHT: QUEUED}, id="the same in capitals"),
        pytest.param(
            ["bo@müller.example"],
            [["bo@xn--mller-kva.example"]],
            {"bo@müller.example": QUEUED},
            id="the same in A-labels",
        ),
        pytest.param(
            [TYPO],
            [["Bo@Müller.example", "bo@xn--mller-kva.example"]],
            {TYPO: CANCELLED, "Bo@Müller.example": QUEUED},
            id="two spellings of the new one: one mail",
        ),
        pytest.param([TYPO], [[]], {TYPO: ("cancelled", "no_address")}, id="none is left"),
    ],
)
async def test_what_waits_follows_its_reader(
    database: Database,
    before: list[str],
    changes: list[list[str]],
    then: dict[str, tuple[str, str | None]],
) -> None:
    """The old mail is cancelled, and each mailbox they have now gets the digest once."""

    def work(session: Session) -> dict[str, tuple[str, str | None]]:
        _owe_at(session, before)
        for change in changes:
            _set(session, *change)
        for _ in range(3):  # what was made is looked at as well
            _look(session)
        return addresses(session)

    assert await database.write(work) == then


async def test_seen_between_and_back_again(database: Database) -> None:
    """What was cancelled for an address they have again is made anew, and sent there once."""

    def work(session: Session) -> list[tuple[str, str]]:
        _owe_at(session, [RIGHT])
        for change in ([TYPO], [RIGHT]):
            _set(session, *change)
            _look(session)
        found = deliveries.listed(session, APP, waiting_only=False, limit=9)
        return sorted((one.address, one.state.value) for one in found)

    assert await database.write(work) == [
        (RIGHT, "cancelled"),
        (RIGHT, "queued"),
        (TYPO, "cancelled"),
    ]


async def test_where_it_arrived_it_is_not_sent_again(database: Database) -> None:
    """Nor where it may be arriving: the other mailbox had this digest."""

    def work(session: Session) -> dict[str, tuple[str, str | None]]:
        _owe_at(session, [TYPO, WORK])
        settle.settle(session, _at(session, WORK), Accepted(PeerReply(250, None, "ok")), None, NOW)
        _set(session, WORK, "bo@third.example")
        _look(session)
        return addresses(session)

    assert await database.write(work) == {
        TYPO: CANCELLED,
        WORK: ("accepted", None),
        "bo@third.example": QUEUED,
    }


async def test_a_suppressed_one_says_so(database: Database) -> None:
    """Nothing leaves for it, and explain tells why."""

    def work(session: Session) -> tuple[Any, Any]:
        _owe_at(session, [TYPO])
        bad = Suppression(app_id=APP, address=comparable(RIGHT), cause="x", made_at=NOW)
        opt_outs.suppress(session, bad)
        _set(session, RIGHT)
        _look(session)
        _look(session)
        return addresses(session), explain(session, BO, LATER)["sentence"]

    stand, sentence = await database.write(work)

    assert stand == {TYPO: CANCELLED, RIGHT: ("cancelled", "suppressed")}
    assert "no longer theirs" in sentence
    assert "suppressed after bounces" in sentence


@pytest.mark.parametrize(
    ("outcome", "retry_at", "made"),
    [
        pytest.param(GONE, None, True, id="refused for good: the right one is written to"),
        pytest.param(Accepted(PeerReply(250, None, "ok")), None, False, id="it was taken"),
        pytest.param(Uncertain("the line broke"), None, False, id="it may have been taken"),
        pytest.param(Deferred(Cause.BUSY, None), LATER + MINUTE, False, id="its last look follows"),
    ],
)
async def test_corrected_while_it_was_on_its_way(
    database: Database, outcome: Any, retry_at: int | None, *, made: bool
) -> None:
    """Octets that may be out are not recalled, and no second mail is made beside them."""

    def work(session: Session) -> dict[str, tuple[str, str | None]]:
        _owe_at(session, [TYPO])
        one = _at(session, TYPO)
        deliveries.transmitting(session, one, b"x", None)
        _set(session, RIGHT)
        readdress.settled(session, one, (outcome, retry_at), "reply.test", LATER)
        session.expire_all()
        return addresses(session)

    assert (RIGHT in await database.write(work)) is made


async def test_it_is_looked_at_at_once(database: Database) -> None:
    """The next try may be an hour away: a correction does not wait for it, nor hurries others."""

    def work(session: Session) -> dict[str, int | None]:
        _owe_at(session, [TYPO, WORK])
        for address in (TYPO, WORK):
            outcome = Deferred(Cause.BUSY, None)
            settle.settle(session, _at(session, address), outcome, LATER + HOUR, NOW)
        session.expire_all()
        _set(session, RIGHT, WORK)
        session.expire_all()
        found = deliveries.listed(session, APP, waiting_only=True, limit=9)
        return {one.address: one.next_attempt_at for one in found}

    assert await database.write(work) == {TYPO: LATER, WORK: LATER + HOUR}


async def test_what_is_being_worked_on_is_left_alone(database: Database) -> None:
    """Its worker finds out by itself; a lease is not cut short."""

    def work(session: Session) -> int | None:
        _owe_at(session, [TYPO])
        one = _at(session, TYPO)
        one.claimed_by, one.next_attempt_at = "w", LATER + MINUTE
        session.add(one)
        session.flush()
        _set(session, RIGHT)
        session.expire_all()
        return _at(session, TYPO).next_attempt_at

    assert await database.write(work) == LATER + MINUTE


async def test_a_question_is_put_once_where_they_are_now(database: Database) -> None:
    """The question about a held reply follows its owner, to the first mailbox that takes mail."""

    def work(session: Session) -> list[tuple[str, str | None]]:
        _owe_at(session, [TYPO])
        about = {"notification_id": "", "conversation_id": ROOM, "user_id": "bo"}
        for address in (TYPO, WORK):  # both are gone by the time they are looked at
            queue(session, address, "t", NOW, app_id=APP, held_id="hld_1", **about)
        bad = Suppression(app_id=APP, address="bad@x.test", cause="x", made_at=NOW)
        opt_outs.suppress(session, bad)
        _set(session, "bad@x.test", RIGHT, "bo@third.example")
        found = deliveries.listed(session, APP, waiting_only=True, limit=9)
        for one in (one for one in found if one.held_id):
            readdress.cancel(session, one, Why.NO_ADDRESS, "t", LATER)
            session.expire_all()
        found = deliveries.listed(session, APP, waiting_only=True, limit=9)
        return [(one.address, one.held_id) for one in found if one.held_id]

    assert await database.write(work) == [(RIGHT, "hld_1")]


async def test_explain_tells_both(database: Database) -> None:
    """That the old one was no longer theirs, and where the mail went."""

    def work(session: Session) -> Any:
        _owe_at(session, [TYPO])
        _set(session, RIGHT)
        _look(session)
        told = explain(session, BO, LATER)
        return told["sentence"], len(told["notifications"])

    sentence, decisions = await database.write(work)

    assert sentence == (
        f"They had missed messages, so a mail was made. {TYPO}: cancelled, "
        f"{RIGHT}: queued, to be tried at {in_words(LATER)}. "
        "That address was no longer theirs when the mail was to leave."
    )
    assert decisions == 1


def _owe_at(session: Session, where: list[str]) -> None:
    """Let a digest wait for Bo at these addresses."""

    def moved() -> None:
        bo = users.find(session, APP, "bo")
        assert bo is not None
        bo.email = where
        session.add(bo)
        session.flush()

    owe_mails(session, ("bo",), NOW, before_due=moved)
