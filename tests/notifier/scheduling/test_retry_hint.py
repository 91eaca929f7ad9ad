"""When does a refusal ask us to come again?"""

import time

import pytest

from core.moment import HOUR, MINUTE, SECOND
from notifier.scheduling.retry_hint import asked_to_wait

NOW = 1_759_692_000_000  # Sun, 05 Oct 2025 19:20:00 UTC


@pytest.mark.parametrize(
    ("words", "wait"),
    [
        ("recipient limit exceeded, try again after Sun, 05 Oct 2025 19:22:44 UTC", 164 * SECOND),
        ("Limit reached, retry at 2025-10-05T20:20:00Z", HOUR),
        ("Hourly limit exceeded. Try again in 60 minutes", HOUR),
        ("rate limit, please wait 30 seconds", 30 * SECOND),
        ("Retry after 120 sec", 2 * MINUTE),
        ("Please try again in 1 hour", HOUR),
        ("Bitte versuchen Sie es in 15 Minuten erneut", 15 * MINUTE),
        ("Trop de messages, réessayez dans 2 heures", 2 * HOUR),
        ("Intente de nuevo en 10 minutos", 10 * MINUTE),
        ("quota resets in 3 days", 6 * HOUR),
    ],
)
def test_a_wish_is_heeded(words: str, wait: int) -> None:
    """As a span or as a date, in many languages, and never for longer than six hours."""
    assert asked_to_wait(words, NOW) == wait


@pytest.mark.parametrize(
    "words",
    [
        "Daily user sending limit exceeded",
        "Try again later",
        "limit of 400 rcpts per 24 hours for client reached",
        "try again after Mon, 25 Aug 2025 07:00:31 UTC",
        "try again after 99 Foo 2025 07:00:31",
        "try again after Mon, 99 Aug 9999 99:99:99 UTC",
        "try again in 0 seconds",
        "retry 2025-99-99T99:99:99Z",
        "",
    ],
)
def test_no_wish_is_no_wait(words: str) -> None:
    """A time that has passed, that is none, or that says how much and not when."""
    assert asked_to_wait(words, NOW) is None


@pytest.mark.parametrize("words", ["try again in 60 minutes", "réessayez dans 2 heures"])
def test_any_length_is_read_in_time(words: str) -> None:
    """Cut, doubled, or behind a megabyte of other words."""
    began = time.perf_counter()
    for text in (words[: len(words) // 2], words * 2, "retry 99 " * 120_000 + words):
        asked_to_wait(text, NOW)

    assert time.perf_counter() - began < 1
