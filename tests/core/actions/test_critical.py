"""A critical message passes what holds mails back, and nothing that people have refused."""

from typing import Any

import pytest

from core.actions import converse, decide, opt_out, read, say
from core.actions.decide import BurstClaim
from core.actions.explain import explain
from core.actions.fan_out import fan_out
from core.actions.remind import Reminder, remind
from core.model.fan_out import AT_ONCE
from core.model.participant import Access, Notify
from core.moment import HOUR, MINUTE, Moment
from core.rules.look_again import Later, NotSent, Send, Why
from core.rules.waiting import Wait
from core.store import pending
from core.store.database import Database, Session
from tests.support.people import APP, NOW, ROOM, a_conversation, a_crowd, says, words

BO = (APP, ROOM, "bo")
NIGHT = "22:00-07:00"  # it is 22:13
WAIT = 2 * MINUTE


def _says(session: Session, at: Moment = NOW) -> None:
    say.say(session, words("ann", "The flat is on fire", critical=True), at)


def _looked_at(session: Session, at: Moment) -> Any:
    """Decide on what Bo is owed."""
    session.flush()
    debt = pending.find(session, *BO)
    assert debt is not None
    return decide.decide(session, BurstClaim(*BO, debt.attempts), "m", at)


@pytest.mark.parametrize(
    ("role", "then"),
    [
        pytest.param({"quiet_hours": NIGHT, "critical_bypass": True}, Why.CRITICAL, id="at night"),
        pytest.param({"quiet_hours": NIGHT}, Wait.QUIET_HOURS, id="the role does not let it"),
        pytest.param({"critical_bypass": True}, Why.MISSED, id="nothing holds it back"),
    ],
)
async def test_a_critical_message_passes_the_night(
    database: Database, role: dict[str, Any], then: Why | Wait
) -> None:
    """Where its reader's role lets it; that it did is the reason that is kept."""

    def work(session: Session) -> tuple[Any, str]:
        a_conversation(session, "ann", "bo", **role)
        _says(session)
        decided = _looked_at(session, NOW + WAIT)
        return decided, explain(session, BO, NOW + WAIT)["sentence"]

    decided, sentence = await database.write(work)

    assert (decided.why if isinstance(decided, Send) else decided.wait) is then
    assert ("critical" in sentence) is (then is Why.CRITICAL)


@pytest.mark.parametrize(
    ("refuses", "why"),
    [
        pytest.param(lambda s: converse.mute(s, BO, NOW + HOUR, NOW), Why.MUTED, id="muted"),
        pytest.param(
            lambda s: converse.change(s, BO, None, Notify.NOTHING, NOW), Why.NOTIFY_OFF, id="off"
        ),
        pytest.param(
            lambda s: converse.change(s, BO, Access.NONE, None, NOW), Why.NO_ACCESS, id="no access"
        ),
        pytest.param(
            lambda s: opt_out.opt_out(s, (APP, "bo"), "*", "page", NOW), Why.OPTED_OUT, id="out"
        ),
    ],
)
async def test_what_somebody_refused_it_does_not_pass(
    database: Database, refuses: Any, why: Why
) -> None:
    """Mute, notify, access and opt-outs hold for whatever is said."""

    def work(session: Session) -> Any:
        a_conversation(session, "ann", "bo", critical_bypass=True)
        _says(session)
        refuses(session)
        return _looked_at(session, NOW + WAIT)

    assert await database.write(work) == NotSent(why)


@pytest.mark.parametrize(
    ("role", "waits"),
    [
        ({"quiet_hours": NIGHT}, Wait.QUIET_HOURS),
        ({"mails_per_day": 1}, Wait.CAP),
        ({"back_off_after": 1}, Wait.BACK_OFF),
    ],
)
async def test_it_takes_along_what_waits(
    database: Database, role: dict[str, Any], waits: Wait
) -> None:
    """What was put off for hours leaves with it, as soon as the conversation pauses."""
    at = NOW + 5 * MINUTE

    def work(session: Session) -> tuple[Any, Moment, Any]:
        a_conversation(session, "ann", "bo", critical_bypass=True, **role)
        if waits is not Wait.QUIET_HOURS:
            says(session, "ann", now=NOW - WAIT)
            _looked_at(session, NOW)
        says(session, "ann")
        waiting = _looked_at(session, NOW + WAIT)
        _says(session, at)
        debt = pending.find(session, *BO)
        assert debt is not None
        return waiting, debt.due_at, _looked_at(session, at + WAIT)

    waiting, due_at, decided = await database.write(work)

    assert isinstance(waiting, Later)
    assert waiting.wait is waits
    assert due_at == at + WAIT
    assert decided == Send(Why.CRITICAL, ("bo@example.net",))


async def test_in_a_crowd_it_takes_along_what_waits(database: Database) -> None:
    """Also where debts are noted by and by."""
    at = NOW + 5 * MINUTE

    def work(session: Session) -> Moment:
        a_conversation(session, "ann", "bo", critical_bypass=True, quiet_hours=NIGHT)
        says(session, "ann")
        _looked_at(session, NOW + WAIT)
        a_crowd(session, AT_ONCE)
        _says(session, at)
        while fan_out(session, APP, ROOM):
            pass
        session.flush()
        debt = pending.find(session, *BO)
        assert debt is not None
        return debt.due_at

    assert await database.write(work) == at + WAIT


@pytest.mark.parametrize("many", [1, 120], ids=["few", "more than one by one"])
@pytest.mark.parametrize("read_it", [True, False])
async def test_a_reminder_passes_the_night_for_what_is_new_and_critical_only(
    database: Database, many: int, *, read_it: bool
) -> None:
    """What they have read wakes nobody, however critical it was."""

    def work(session: Session) -> str:
        a_conversation(session, "ann", "bo", quiet_hours=NIGHT, critical_bypass=True)
        for _ in range(many):
            says(session, "ann")
        _says(session)
        if read_it:
            read.mark_read(session, BO, None, NOW)
            says(session, "ann", "Well?")
        session.flush()
        (one,) = remind(session, (APP, ROOM), Reminder(("bo",), {}), "list.test", NOW + WAIT)
        return one.reason

    assert await database.write(work) == (Why.NOT_NOW if read_it else Why.REMINDED).value
