"""A shortage is told when it begins, and not to each that suffers by it."""

from structlog.testing import capture_logs

from core.observe import Event
from core.told_once import QUIET_SECONDS, ToldOnce


def test_a_spell_is_told_once() -> None:
    """However often it is met; after a quiet minute it is another, which tells of the first."""
    now = 0.0
    full = ToldOnce(Event.MEMORY_FULL, lambda: now)
    with capture_logs() as lines:
        for _ in range(1_000):
            now += QUIET_SECONDS / 2
            full.met(held=1)
        now += QUIET_SECONDS
        full.met(held=2)

    assert [(line["held"], line["times_before"]) for line in lines] == [(1, 0), (2, 1_000)]


def test_two_shortages_are_told_each() -> None:
    """One does not hide the other."""
    with capture_logs() as lines:
        for event in (Event.MEMORY_FULL, Event.FEW_DESCRIPTORS):
            ToldOnce(event).met()

    assert [line["event"] for line in lines] == ["process.memory_full", "process.few_descriptors"]
