"""The next hop in memory keeps every promise of a transport."""

import pytest

from core.outcome import Accepted, Cause, Deferred, PeerReply, Uncertain
from notifier.channels.email.in_memory_relay import Memory
from notifier.channels.email.parcel import MailParcel
from tests.contracts.transport import TransportContract, a_parcel


class _Stage:
    """Memory has no line: what would befall one is told as the answer it leads to."""

    def __init__(self) -> None:
        self.transport = Memory()

    def a_parcel(self, number: int = 1) -> MailParcel:
        return a_parcel(number)

    def content(self, parcel: MailParcel) -> bytes:
        return parcel.raw

    def refuse(self, step: str, reply: PeerReply) -> None:
        self.transport.answer_next(reply)

    def drop(self, step: str) -> None:
        lost = Deferred(Cause.CONNECTION, None)
        self.transport.answer_next(Uncertain("hung up") if step == "DOT" else lost)

    def received(self) -> list[bytes]:
        return [parcel.raw for parcel in self.transport.parcels]


@pytest.fixture
def stage() -> _Stage:
    """Return a next hop in memory."""
    return _Stage()


class TestMemory(TransportContract):
    """The contract, in memory."""


async def test_answers_come_in_turn() -> None:
    """Answers are given in the order they were told, then all is accepted again."""
    memory = Memory()
    busy = PeerReply(451, None, "busy")
    memory.answer_next(busy, Uncertain("hung up"))

    outcomes = [await memory.send(a_parcel(number)) for number in range(3)]

    assert outcomes[0] == Deferred(Cause.BUSY, busy)
    assert outcomes[1] == Uncertain("hung up")
    assert isinstance(outcomes[2], Accepted)


async def test_an_uncertain_parcel_is_kept() -> None:
    """Uncertain means the peer may have it; memory does."""
    memory = Memory()
    memory.answer_next(Uncertain("hung up"))

    await memory.send(a_parcel())

    assert list(memory.parcels) == [a_parcel()]


async def test_keeps_only_so_many() -> None:
    """The oldest parcels go when there are too many."""
    memory = Memory(most=2)

    for number in range(3):
        await memory.send(a_parcel(number))

    assert [parcel.delivery_id for parcel in memory.parcels] == ["dlv_1", "dlv_2"]
