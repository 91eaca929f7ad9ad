"""When an address is worn out, as a table."""

import pytest

from core.moment import DAY, HOUR
from core.rules.worn_out_address import is_worn_out

NOW = 1_700_006_400_000  # a midnight, so that hours below don't reach into another day


@pytest.mark.parametrize(
    ("ages", "worn"),
    [
        pytest.param([], False, id="nothing failed"),
        pytest.param([0, DAY, 2 * DAY, 3 * DAY], False, id="four are too few"),
        pytest.param([0, DAY, 2 * DAY, 3 * DAY, 4 * DAY], True, id="five on five days"),
        pytest.param([0, 0, 0, DAY, 2 * DAY], True, id="five on three days"),
        pytest.param([0, 0, DAY, DAY, DAY], False, id="five on two days"),
        pytest.param([HOUR * n for n in range(1, 13)], False, id="one bad afternoon"),
        pytest.param([0, 0, 0, DAY, 31 * DAY], False, id="one is long ago"),
        pytest.param([0, 0, 0, DAY, -DAY], False, id="one has not happened yet"),
    ],
)
def test_soft_failures_wear_an_address_out(ages: list[int], worn: object) -> None:
    """Five within thirty days, on three days or more."""
    assert is_worn_out([NOW - age for age in ages], NOW) is worn
