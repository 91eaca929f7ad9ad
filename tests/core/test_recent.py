"""What was found a moment ago is believed: once, and for seconds."""

import pytest

from core.moment import SECOND
from core.recent import Recent
from tests.support.people import NOW


@pytest.mark.parametrize(
    ("waited", "believed"),
    [
        pytest.param(0, True, id="at once"),
        pytest.param(5 * SECOND, True, id="a few seconds later"),
        pytest.param(5 * SECOND + 1, False, id="too late"),
        pytest.param(-6 * SECOND, False, id="before it was asked: the clock was set back"),
    ],
)
def test_it_is_believed_for_seconds(waited: int, *, believed: bool) -> None:
    """Whoever takes longer is asked about again."""
    recent: Recent[int, str] = Recent()
    recent.note(1, "somebody", NOW)

    assert (recent.take(1, NOW + waited) == "somebody") is believed


def test_it_is_believed_once() -> None:
    """The next mail to the same address asks anew."""
    recent: Recent[int, str] = Recent()
    recent.note(1, "somebody", NOW)

    assert recent.take(1, NOW) == "somebody"
    assert recent.take(1, NOW) is None


def test_who_asks_and_sends_nothing_takes_no_memory() -> None:
    """A hundred at most are known, the latest, and nobody who was asked about long ago."""
    crowded: Recent[int, str] = Recent()
    quiet: Recent[int, str] = Recent()
    for number in range(1_000):
        crowded.note(number, "somebody", NOW)
    quiet.note(1, "somebody", NOW)
    quiet.note(2, "somebody", NOW + 6 * SECOND)

    known = [number for number in range(1_000) if crowded.take(number, NOW)]
    assert known == list(range(900, 1_000))
    assert quiet.take(1, NOW) is None
    assert quiet.take(2, NOW + 6 * SECOND) == "somebody"
