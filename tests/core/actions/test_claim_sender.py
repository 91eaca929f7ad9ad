"""An address that its user has already is theirs; claiming it again changes nothing."""

import pytest

from core.actions import hold
from core.model.held import AuthorProof, HeldReply
from core.model.user import User
from core.store import users
from core.store.database import Database, Session
from tests.support.people import APP, NOW, ROOM, a_user, an_app

ELSEWHERE = "bo@elsewhere.example"


def _held(sender: str) -> HeldReply:
    return HeldReply(
        app_id=APP, id="hld_1", conversation_id=ROOM, user_id="bo", sender=sender,
        proof=AuthorProof.PROVEN, reason="x", text="x", receipt_id="r", reference=1, held_at=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("aliases", "sender", "after"),
    [
        pytest.param(None, "bo@example.net", None, id="their own, no other"),
        pytest.param(None, "Bo@EXAMPLE.net", None, id="their own, spelt otherwise"),
        pytest.param([], "bo@example.net", [], id="their own, an empty list"),
        pytest.param([ELSEWHERE], ELSEWHERE, [ELSEWHERE], id="one that is known"),
        pytest.param([ELSEWHERE], "BO@elsewhere.example", [ELSEWHERE], id="known, otherwise"),
        pytest.param(None, ELSEWHERE, [ELSEWHERE], id="the first"),
        pytest.param(["b@x.example"], ELSEWHERE, ["b@x.example", ELSEWHERE], id="another"),
    ],
)
async def test_a_user_is_written_only_where_something_is_new(
    database: Database, aliases: list[str] | None, sender: str, after: list[str] | None
) -> None:
    """No list becomes an empty one, and no row is written as it was."""
    changed: list[bool] = []

    def begin(session: Session) -> None:
        an_app(session)
        a_user(session, "bo", aliases=aliases)

    def claim(session: Session) -> None:
        hold.claim_sender(session, _held(sender))
        found = users.find(session, APP, "bo")
        changed.append(found in session.dirty)

    await database.write(begin)
    await database.write(claim)
    bo: User | None = await database.read(lambda s: users.find(s, APP, "bo"))

    assert bo is not None
    assert bo.aliases == after
    assert changed == [after != aliases]
