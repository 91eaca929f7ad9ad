"""Who is erased leaves no suppression behind, whichever of their addresses it was of."""

from collections.abc import Callable

import pytest

from core.actions import people, suppress_by_hand
from core.actions.erase import erase
from core.model.delivery import Delivery, State
from core.model.suppression import Suppression
from core.model.webhook import WebhookEndpoint
from core.store import deliveries, opt_outs
from core.store.database import Database, Session
from tests.support import stored
from tests.support.people import APP, NOW, ROOM, a_conversation

OLD = "Bo@Old.example"


def _mail(session: Session, *, ended: bool = False) -> None:
    one = Delivery(
        app_id=APP, id="dlv_1", notification_id="", user_id="bo", address=OLD,
        conversation_id="gone" if ended else ROOM, state=State.BOUNCED, reference=1,
        message_id="<1@x>", created_at=NOW, ended_at=NOW,
    )  # fmt: skip
    deliveries.add(session, one)


def _suppressed(session: Session, user_id: str | None = None) -> None:
    one = Suppression(
        app_id=APP, address="bo@old.example", cause="quota", made_at=NOW, user_id=user_id
    )
    opt_outs.suppress(session, one)
    session.flush()


def _moves(session: Session, *addresses: str) -> None:
    people.put_user(session, APP, "bo", {"email": list(addresses)}, NOW)


def _of_his_mail(session: Session) -> None:
    _suppressed(session, "bo")
    _moves(session, "bo@new.example")


def _of_a_mail_of_before(session: Session) -> None:
    _moves(session, "bo@new.example")
    _mail(session)
    _suppressed(session)


def _of_a_conversation_that_has_ended(session: Session) -> None:
    _moves(session, "bo@new.example")
    _mail(session, ended=True)
    _suppressed(session)


def _by_hand_before_he_moved(session: Session) -> None:
    suppress_by_hand.add_by_hand(session, (APP, OLD), "by telephone", None, "app", NOW)
    _moves(session, OLD)
    _moves(session, "bo@new.example")


def _by_hand_after_the_app_was_told(session: Session) -> None:
    session.add(WebhookEndpoint(app_id=APP, id="w", url="https://x.test", created_at=NOW))
    session.flush()
    _moves(session, OLD)
    _moves(session, "bo@new.example")
    suppress_by_hand.add_by_hand(session, (APP, OLD), "by telephone", None, "app", NOW)


def _lifted(session: Session) -> None:
    _suppressed(session, "bo")
    suppress_by_hand.lift(session, APP, OLD, "app", NOW)
    _moves(session, "bo@new.example")


def _of_an_alias(session: Session) -> None:
    user = people.existing(session, APP, "bo")
    user.aliases = [OLD]
    session.add(user)
    _suppressed(session)


@pytest.mark.parametrize(
    "known",
    [
        _of_his_mail, _of_a_mail_of_before, _of_a_conversation_that_has_ended,
        _by_hand_before_he_moved, _by_hand_after_the_app_was_told, _lifted, _of_an_alias,
    ],
)  # fmt: skip
async def test_no_address_of_before_stays(database: Database, known: object) -> None:
    """Whether a mail, the log or the change of his address told of it; others' stay."""

    def work(session: Session) -> None:
        a_conversation(session, "ann", "bo")
        other = Suppression(app_id=APP, address="cy@old.example", cause="quota", made_at=NOW)
        session.add(other)
        session.flush()
        assert callable(known)
        known(session)

    await database.write(work)
    before = await database.read(lambda s: stored.suppressions(s, APP))
    await erase(database, APP, "bo", NOW)
    after = await database.read(lambda s: stored.suppressions(s, APP))

    assert sorted(one.address for one in before) == ["bo@old.example", "cy@old.example"]
    assert [one.address for one in after] == ["cy@old.example"]


def _hers_by_hand(session: Session) -> None:
    suppress_by_hand.add_by_hand(session, (APP, OLD), "by telephone", None, "app", NOW)


def _his_by_hand(session: Session) -> None:
    _suppressed(session, "bo")
    session.flush()
    opt_outs.suppress(
        session,
        Suppression(
            app_id=APP, address="bo@old.example", cause="by_hand", made_at=NOW, user_id="bo"
        ),
    )


def _of_her_mail(session: Session) -> None:
    _suppressed(session, "ann")


@pytest.mark.parametrize(
    ("known", "whose"), [(_hers_by_hand, None), (_his_by_hand, None), (_of_her_mail, "ann")]
)
async def test_what_is_anothers_stays(
    database: Database, known: Callable[[Session], None], whose: str | None
) -> None:
    """Bo had the address once and was sent a mail there; now it is Ann's alone."""

    def work(session: Session) -> None:
        a_conversation(session, "ann", "bo")
        _moves(session, OLD)
        _mail(session)
        _moves(session, "bo@new.example")
        people.put_user(session, APP, "ann", {"email": [OLD]}, NOW)
        known(session)

    await database.write(work)
    await erase(database, APP, "bo", NOW)
    after = await database.read(lambda s: stored.suppressions(s, APP))

    assert [(one.address, one.user_id) for one in after] == [("bo@old.example", whose)]
