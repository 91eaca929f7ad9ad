"""What is owed, and what does it wait for?"""

import pytest

from core.moment import SECOND
from core.rules.waiting import told
from tests.support.people import NOW


@pytest.mark.parametrize(
    ("due", "claimed", "words"),
    [
        pytest.param(30 * SECOND, False, "looked at in 30 s", id="not yet"),
        pytest.param(-SECOND, False, "looked at in 0 s", id="this moment"),
        pytest.param(-90 * SECOND, False, "others go before it, or the relay", id="in a backlog"),
        pytest.param(900 * SECOND, True, "is being looked at now", id="claimed, until its lease"),
    ],
)
def test_what_is_owed_says_for_what_it_waits(due: int, claimed: bool, words: str) -> None:  # noqa: FBT001
    """Its due time is the end of a lease while it is claimed, and long past in a backlog."""
    assert words in told(None, NOW + due, NOW, claimed=claimed)
