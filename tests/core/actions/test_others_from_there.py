"""What else waits from an address is listed only where its owner is, and may read."""

from typing import Any

import pytest

from core.actions import converse, hold
from core.model.held import HeldReply, HeldState
from core.model.participant import Access, Notify
from core.store import held
from core.store.database import Database, Session
from tests.support.people import APP, NOW, ROOM, a_conversation

EVE = "eve@example.org"


def waits(session: Session, name: str, where: str, **more: Any) -> HeldReply:
    """Let a reply wait in Bo's name, in a conversation he is in."""
    converse.put(session, APP, where, {"subject": where}, NOW)
    converse.join(session, (APP, where, "bo"), Access.READ_WRITE, Notify.ALL, NOW)
    given: dict[str, Any] = {"sender": EVE, "user_id": "bo", "state": HeldState.WAITING} | more
    one = HeldReply(
        app_id=APP, id=f"hld_{name}", receipt_id=f"rcp_{name}", conversation_id=where,
        reason="sender_mismatch", text=f"secret of {where}",
        reference=int.from_bytes(name.encode()),
        held_at=NOW, **given,
    )  # fmt: skip
    held.add(session, one)
    session.flush()
    return one


WAYS = ["stays", "reads only", "leaves", "is shut out", "leaves and comes back shut out"]


@pytest.mark.parametrize("way", WAYS)
async def test_only_what_may_be_read_is_listed(database: Database, way: str) -> None:
    """Its words are, so that leaving means leaving."""

    def work(session: Session) -> list[str]:
        a_conversation(session, "ann", "bo")
        one = waits(session, "one", ROOM)
        waits(session, "two", "deal")
        waits(session, "three", "open")
        waits(session, "four", "open", sender="Eve@Example.org")
        waits(session, "five", "open", sender="mia@example.org")
        waits(session, "six", "open", state=HeldState.DROPPED)
        whose = (APP, "deal", "bo")
        if way == "reads only":
            converse.change(session, whose, Access.READ, None, NOW)
        if "leaves" in way:
            converse.leave(session, whose, NOW)
        if "shut out" in way:
            converse.join(session, whose, Access.NONE, Notify.ALL, NOW)
        return sorted(other.text for other in hold.others_from_there(session, one))

    listed = await database.write(work)
    there = way in WAYS[:2]

    assert listed == [*["secret of deal"] * there, "secret of open", "secret of open"]
