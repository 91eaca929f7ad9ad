"""How many a second leave, of late?"""

import pytest

from notifier.scheduling.measured_rate import MeasuredRate


@pytest.mark.parametrize("rate", [2, 20, 300])
def test_a_steady_rate_is_known_after_some_seconds(rate: float) -> None:
    """Within a fifth, for a slow and for a fast one."""
    measured = MeasuredRate()
    for n in range(round(rate * 30)):
        measured.note(n / rate)

    assert measured.a_second(30.0) == pytest.approx(rate, rel=0.2)


def test_it_begins_too_low_and_is_forgotten() -> None:
    """Too little may wait; too much would be decided too early."""
    measured = MeasuredRate()
    nothing = measured.a_second(5.0)
    for n in range(100):
        measured.note(10.0 + n / 100)
    soon, late = measured.a_second(11.0), measured.a_second(60.0)

    assert nothing == 0
    assert 0 < soon < 100
    assert late < 0.01
