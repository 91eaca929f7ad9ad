"""One account of memory for all that comes in."""

import pytest
from structlog.testing import capture_logs

from core.memory_budget import FREE, HeldOctets, MemoryBudget


@pytest.mark.parametrize(
    ("grown", "octets"),
    [
        pytest.param([10], 0, id="a small one"),
        pytest.param([FREE], 0, id="what is free"),
        pytest.param([FREE + 1], 1, id="one more"),
        pytest.param([FREE + 10, FREE + 50, FREE + 50], 50, id="it grows"),
        pytest.param([FREE + 50, FREE + 20], 20, id="it shrinks"),
        pytest.param([FREE + 50, 0], 0, id="it is forgotten"),
        pytest.param([FREE + 50, FREE + 101], 0, id="there is no room"),
    ],
)
def test_what_is_held(grown: list[int], octets: int) -> None:
    """The first octets of each are free; what does not fit is held no more."""
    budget = MemoryBudget(100)
    held = HeldOctets(budget)
    for size in grown:
        held.grow_to(size)

    assert budget.octets == octets
    held.let_go()
    held.let_go()
    assert budget.octets == 0


def test_who_comes_second_finds_what_the_first_has_left() -> None:
    """Whichever door each came by; and it is said once that there was none."""
    budget = MemoryBudget(100)
    first, second = HeldOctets(budget), HeldOctets(budget)
    with capture_logs() as lines:
        taken = [first.grow_to(FREE + 60), second.grow_to(FREE + 60), second.grow_to(FREE + 60)]
        first.let_go()

        assert [*taken, second.grow_to(FREE + 60)] == [True, False, False, True]
    assert [line["event"] for line in lines] == ["process.memory_full"]
