"""Why did Bo not get a mail? There is an answer, whatever it was."""

from collections.abc import Callable

import pytest

from core.actions import converse, decide, opt_out, read, settle
from core.actions.explain import explain
from core.model.participant import Access, Notify
from core.moment import MINUTE
from core.rules.look_again import Why
from core.store import deliveries, pending
from core.store.database import Database, Session
from tests.support.people import APP, NOW, ROOM, a_conversation, says

BO = (APP, ROOM, "bo")
DUE = NOW + 20 * MINUTE


def _leave(session: Session) -> None:
    converse.leave(session, BO, NOW)


def _opt_out(session: Session) -> None:
    opt_out.opt_out(session, (APP, "bo"), ROOM, "one-click", NOW)


def _read(session: Session) -> None:
    read.mark_read(session, BO, None, NOW)


def _answer(session: Session) -> None:
    says(session, "bo", "Yes")


def _nothing(session: Session) -> None:
    pass


@pytest.mark.parametrize(
    ("happened", "sentence"),
    [
        pytest.param(_nothing, "so a mail was made", id="missed"),
        pytest.param(_read, "read all of it before a mail was due", id="read in the app"),
        pytest.param(_answer, "read all of it before a mail was due", id="answered in the app"),
        pytest.param(_opt_out, "have opted out", id="one click"),
        pytest.param(_leave, "left the conversation", id="left"),
    ],
)
async def test_what_happened_meanwhile_is_told(
    database: Database, happened: Callable[[Session], None], sentence: str
) -> None:
    """A debt never goes without a word: it is decided and written down, or was read."""

    def before(session: Session) -> None:
        a_conversation(session, "ann", "bo")
        says(session, "ann")
        happened(session)

    def due(session: Session) -> None:
        debt = pending.find(session, *BO)
        if debt is not None:
            decide.decide(session, decide.BurstClaim(*BO, debt.attempts), "list.test", DUE)

    await database.write(before)
    await database.write(due)
    told = await database.read(lambda session: explain(session, BO, DUE))

    assert sentence in told["sentence"]


@pytest.mark.parametrize(
    ("notify", "access", "sentence"),
    [
        pytest.param(Notify.NOTHING, Access.READ, "Notifications are off", id="notify off"),
        pytest.param(Notify.MENTIONS_ONLY, Access.READ, "were not", id="not mentioned"),
        pytest.param(Notify.ALL, Access.NONE, "may not read", id="no access"),
    ],
)
async def test_who_was_never_owed_a_mail_hears_why(
    database: Database, notify: Notify, access: Access, sentence: str
) -> None:
    """Nothing was decided, because nothing was owed."""

    def work(session: Session) -> str:
        a_conversation(session, "ann", "bo")
        converse.change(session, BO, access, notify, NOW)
        session.flush()
        says(session, "ann")
        return str(explain(session, BO, NOW)["sentence"])

    assert sentence in await database.write(work)


async def test_a_mail_that_was_cancelled_at_the_last_look_says_why(database: Database) -> None:
    """It was made and did not leave: the answer is the second of the two, in words."""

    def work(session: Session) -> None:
        a_conversation(session, "ann", "bo")
        says(session, "ann")
        debt = pending.find(session, *BO)
        assert debt is not None
        decide.decide(session, decide.BurstClaim(*BO, debt.attempts), "list.test", DUE)
        (mail,) = deliveries.listed(session, APP, waiting_only=True, limit=9)
        assert settle.cancel(session, mail, Why.MUTED, DUE)

    await database.write(work)
    told = await database.read(lambda session: explain(session, BO, DUE))
    (mail,) = told["notifications"][0]["deliveries"]

    assert told["sentence"].endswith(": cancelled. They had muted the conversation.")
    assert (mail["reason"], mail["explanation"]) == ("muted", "They had muted the conversation.")
