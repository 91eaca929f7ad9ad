"""A revoked address never lives again, however often others are revoked."""

from collections.abc import Callable

import pytest

from core.actions import converse, hold
from core.actions.erase import erase
from core.address import Purpose, Token
from core.model.held import HeldReply
from core.model.participant import Access, Notify
from core.rules.admission import address_alive
from core.store import apps, participants
from core.store.database import Database, Session
from tests.support.people import APP, NOW, ROOM, a_conversation

BO = (APP, ROOM, "bo")


def _token(session: Session) -> Token:
    one = participants.find(session, *BO)
    app = apps.find(session, APP)
    assert one is not None
    assert app is not None
    return Token(Purpose.REPLY, app.number, one.reference, one.address_epoch % 256)


def _lives(session: Session, token: Token) -> bool:
    named = participants.named_by(session, token.app_number, token.reference)
    return address_alive(token, named) is None


def _by_app(session: Session) -> None:
    converse.revoke_address(session, BO)


def _by_leaving(session: Session) -> None:
    converse.leave(session, BO, NOW)
    session.flush()
    converse.join(session, BO, Access.READ_WRITE, Notify.ALL, NOW)


def _by_owner(session: Session) -> None:
    one = HeldReply(
        app_id=APP, id="hld", receipt_id="rcp", conversation_id=ROOM, user_id="bo",
        sender="eve@x.test", reason="sender_mismatch", reference=1, held_at=NOW,
    )  # fmt: skip
    hold.disown(session, one, "bo", NOW)


@pytest.mark.parametrize("revoke", [_by_app, _by_leaving, _by_owner])
async def test_no_old_address_lives(database: Database, revoke: Callable[[Session], None]) -> None:
    """Past the 256th time, each of them leads nowhere, and the latest to Bo."""

    def work(session: Session) -> tuple[list[bool], bool]:
        a_conversation(session, "ann", "bo")
        session.flush()
        old = []
        for _ in range(260):
            old.append(_token(session))
            revoke(session)
            session.flush()
        return [_lives(session, one) for one in old], _lives(session, _token(session))

    old, latest = await database.write(work)

    assert not any(old)
    assert latest


@pytest.mark.parametrize("epoch", [0, 254, 255, 256, 511, 700])
async def test_erasing_revokes_for_good(database: Database, epoch: int) -> None:
    """Also where an octet could say no more."""

    def begin(session: Session) -> Token:
        a_conversation(session, "ann", "bo")
        session.flush()
        one = participants.find(session, *BO)
        assert one is not None
        one.address_epoch = epoch
        session.add(one)
        session.flush()
        return _token(session)

    old = await database.write(begin)
    await erase(database, APP, "bo", NOW)

    assert not await database.read(lambda session: _lives(session, old))
