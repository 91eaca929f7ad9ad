"""When will a delivery that is due really be tried?"""

import pytest

from core.model.lane_state import LaneState
from core.moment import MINUTE, SECOND
from core.rules.when_tried import when_tried
from tests.support.people import NOW

DOWN = LaneState(name="email", closed_until=NOW + MINUTE, troubles=2, cause="connection")
DOWN_TOO = LaneState(name="email:b", closed_until=NOW + SECOND, troubles=2, cause="busy")
QUOTA = LaneState(name="email", closed_until=NOW + MINUTE, troubles=1, cause="sender_quota")
OVER = LaneState(name="email", closed_until=NOW - 1, troubles=3, cause="connection")
OPEN = LaneState(name="email:b")


@pytest.mark.parametrize(
    ("ways", "at", "behind"),
    [
        pytest.param([], NOW, None, id="nothing is known of it"),
        pytest.param([OPEN], NOW, None, id="open"),
        pytest.param([DOWN], NOW + MINUTE, "email", id="down"),
        pytest.param([OVER], NOW, None, id="its time is over, and the next mail asks"),
        pytest.param([QUOTA], NOW, None, id="because of us, and this one asks"),
        pytest.param([DOWN, OPEN], NOW, None, id="another way is open"),
        pytest.param([DOWN, DOWN_TOO], NOW + SECOND, "email:b", id="the first to open"),
        pytest.param([DOWN, QUOTA], NOW, None, id="one of them may be asked"),
    ],
)
def test_it_is_tried_when_its_way_opens(ways: list[LaneState], at: int, behind: str | None) -> None:
    """At once, unless every way is shut; then it says which one it waits for."""
    when = when_tried(NOW, ways)

    assert (when.at, when.behind.name if when.behind else None) == (at, behind)
