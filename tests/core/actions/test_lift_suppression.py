"""Lifting a suppression lifts it in every form its address is kept in."""

from core.actions import suppress_by_hand
from core.model.suppression import Suppression
from core.store import opt_outs, suppressions
from core.store.database import Database, Session
from tests.support.people import APP, NOW, an_app

OLD, NEW = "ann@straße.example", "ann@xn--strae-oqa.example"


def _known(session: Session, *several: tuple[str, int | None]) -> None:
    an_app(session)
    for address, until in several:
        one = Suppression(
            app_id=APP, address=address, cause="quota", made_at=NOW - 2, expires_at=until
        )
        session.add(one)
    session.flush()


async def test_an_old_form_in_force_is_lifted_where_the_new_one_is_over(database: Database) -> None:
    """It is found first, too: what is over says nothing of what keeps us from writing."""

    def work(session: Session) -> tuple[str, str | None, frozenset[str]]:
        _known(session, (NEW, NOW - 1), (OLD, None))
        found = suppressions.find(session, APP, OLD, NOW)
        assert found is not None
        lifted = suppress_by_hand.lift(session, APP, OLD, "app", NOW)
        return found.address, lifted.lifted_by, opt_outs.suppressed(session, APP, [OLD], NOW)

    assert await database.write(work) == (OLD, "app", frozenset())


async def test_both_forms_are_lifted_at_once(database: Database) -> None:
    """Said once is enough."""

    def work(session: Session) -> frozenset[str]:
        _known(session, (NEW, None), (OLD, None))
        suppress_by_hand.lift(session, APP, OLD, "app", NOW)
        return opt_outs.suppressed(session, APP, [OLD], NOW)

    assert await database.write(work) == frozenset()


async def test_what_is_over_in_all_forms_stays_as_it_was(database: Database) -> None:
    """Nobody lifted it."""

    def work(session: Session) -> str | None:
        _known(session, (NEW, NOW - 1), (OLD, NOW - 1))
        return suppress_by_hand.lift(session, APP, OLD, "app", NOW).lifted_by

    assert await database.write(work) is None
