"""Who is owed word of a message?"""

import pytest

from core.model.member import Member
from core.model.message import MessageKind, Origin
from core.model.participant import Access, Notify
from core.rules.audience import owed, owes_nobody


@pytest.mark.parametrize(
    ("kind", "origin", "nobody"),
    [
        pytest.param(MessageKind.USER, Origin.REST, False, id="a user's"),
        pytest.param(MessageKind.USER, Origin.EMAIL, False, id="a user's, by mail"),
        pytest.param(MessageKind.SYSTEM, Origin.REST, True, id="the app's own"),
        pytest.param(MessageKind.USER, Origin.IMPORT, True, id="an imported one"),
    ],
)
def test_some_messages_owe_nobody(kind: MessageKind, origin: Origin, nobody: bool) -> None:  # noqa: FBT001
    """System and imported messages notify no one (talkjs-spec, 4.1)."""
    assert owes_nobody(kind, origin) is nobody


@pytest.mark.parametrize(
    ("notify", "access", "left_at", "mentioned", "is_owed"),
    [
        pytest.param(Notify.ALL, Access.READ_WRITE, None, (), True, id="who wants all"),
        pytest.param(Notify.ALL, Access.READ, None, (), True, id="who may only read"),
        pytest.param(Notify.NOTHING, Access.READ_WRITE, None, ("bo",), False, id="who wants none"),
        pytest.param(Notify.MENTIONS_ONLY, Access.READ, None, (), False, id="not mentioned"),
        pytest.param(Notify.MENTIONS_ONLY, Access.READ, None, ("bo",), True, id="mentioned"),
        pytest.param(Notify.ALL, Access.NONE, None, ("bo",), False, id="who may not even read"),
        pytest.param(Notify.ALL, Access.READ_WRITE, 1, ("bo",), False, id="who has left"),
    ],
)
def test_who_is_here_and_wants_to_hear(
    notify: Notify,
    access: Access,
    left_at: int | None,
    mentioned: tuple[str, ...],
    *,
    is_owed: bool,
) -> None:
    """Everyone who is here and wants to hear of it is owed word, but never its author."""
    bo = Member("bo", access, notify, left_at, 120)

    assert owed([bo], "ann", mentioned) == ([bo] if is_owed else [])
    assert owed([bo], "bo", mentioned) == []
