"""A peer's time is measured against the peer alone, and only while it is its turn."""

import pytest

from gateway.answers.occasions import Occasion
from gateway.smtp.limits import SmtpLimits
from gateway.smtp.timeouts import Timeouts, tarpit

LIMITS = SmtpLimits(
    idle_seconds=300, session_seconds=3_600, data_octets_a_second=200, data_grace_seconds=30
)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        pytest.param(299.0, None, id="not yet"),
        pytest.param(300.0, Occasion.IDLE, id="too long"),
    ],
)
def test_silence_ends_a_session(now: float, ends: Occasion | None) -> None:
    """A peer that says nothing for the idle time is left."""
    assert Timeouts(LIMITS, began=0, heard=0).ends(now) is ends


def test_our_own_time_is_not_held_against_the_peer() -> None:
    """While we answer, however long, nothing ends; then the peer has its whole time again."""
    timeouts = Timeouts(LIMITS, began=0, heard=0)
    timeouts.waiting = False

    assert timeouts.ends(3_000) is None
    timeouts.wait(3_000)
    assert timeouts.ends(3_299) is None


def test_commands_do_not_make_a_session_last_for_ever() -> None:
    """Who speaks all the time is told goodbye when the session is old."""
    timeouts = Timeouts(LIMITS, began=0, heard=0)
    timeouts.wait(3_599)

    assert timeouts.ends(3_599) is None
    assert timeouts.ends(3_600) is Occasion.LIFETIME_OVER


@pytest.mark.parametrize(
    ("octets", "now", "ends"),
    [
        pytest.param(0, 29.0, None, id="the grace holds without an octet"),
        pytest.param(0, 31.0, Occasion.TOO_SLOW, id="nothing at all"),
        pytest.param(120, 600.0, Occasion.TOO_SLOW, id="an octet every five seconds"),
        pytest.param(
            20_000_000, 7_000.0, None, id="a big mail over a slow line, past the lifetime"
        ),
        pytest.param(200_000, 1_029.0, None, id="just the rate"),
        pytest.param(200_000, 1_031.0, Occasion.TOO_SLOW, id="just under the rate"),
    ],
)
def test_a_content_keeps_to_the_least_rate(octets: int, now: float, ends: Occasion | None) -> None:
    """Slow but honest arrives; slow on purpose does not."""
    timeouts = Timeouts(LIMITS, began=0, heard=0)
    timeouts.expect_content(0)
    timeouts.progress(now, octets)

    assert timeouts.ends(now) is ends


def test_after_the_content_it_is_our_turn() -> None:
    """What the handler takes to answer ends nothing."""
    timeouts = Timeouts(LIMITS, began=0, heard=0)
    timeouts.expect_content(0)
    timeouts.content_ended()

    assert timeouts.ends(100_000) is None


def test_the_tarpit_gets_deeper() -> None:
    """The first wrong recipient may be a slip; each further one waits twice as long."""
    assert [tarpit(bad, 1.0) for bad in range(1, 6)] == [0.0, 1.0, 2.0, 4.0, 8.0]
    assert tarpit(10_000, 1.0) == 1024.0
