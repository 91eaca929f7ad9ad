"""Why does a mail wait, or did it end, because of us?"""

import pytest

from core.moment import SECOND
from core.outcome import Cause
from core.rules.bounces import is_our_fault
from core.rules.postponement import WAITS, postponed_markdown, why_it_waits, why_undecided
from tests.support.people import NOW


def test_every_fault_of_ours_has_its_words() -> None:
    """None is left without a sentence, and nothing that is a reader's has one."""
    assert set(WAITS) == {cause for cause in Cause if is_our_fault(cause)}


@pytest.mark.parametrize("cause", WAITS)
def test_it_says_that_it_is_not_the_readers(cause: Cause) -> None:
    """While it waits, and when it has waited to its end."""
    waits, ended = (why_it_waits(cause.value, ended=end) for end in (False, True))

    assert waits is not None
    assert "nothing of its reader's" in waits
    assert ended is not None
    assert "nothing is held against its reader" in ended


@pytest.mark.parametrize("reason", [None, "busy", "quota", "retried", "muted", "expired"])
def test_any_other_reason_is_another_matter(reason: str | None) -> None:
    """What is not about us is said elsewhere."""
    assert why_it_waits(reason, ended=False) is None


def test_the_page_has_a_row_for_each() -> None:
    """Operators read the same words as explain says."""
    assert sum(line.startswith("| `") for line in postponed_markdown()) == len(WAITS)


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
    assert words in why_undecided(NOW + due, claimed=claimed, now=NOW)
