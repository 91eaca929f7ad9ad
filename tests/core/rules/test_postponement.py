"""Why does a mail wait, or did it end, because of us?"""

import pytest

from core.outcome import Cause
from core.rules.bounces import is_our_fault
from core.rules.postponement import WAITS, postponed_markdown, why_it_waits


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
