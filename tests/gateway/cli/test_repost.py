"""Lines that are to be posted after all are named as they are printed."""

import pytest

from core.errors import SettingsError
from gateway.cli.repost import spans_of


@pytest.mark.parametrize(
    ("written", "spans"),
    [
        pytest.param("3-7,9", [[3, 7], [9, 9]], id="a span and a line"),
        pytest.param("1", [[1, 1]], id="a line"),
        pytest.param(" 2 , 4-4 ", [[2, 2], [4, 4]], id="blanks"),
    ],
)
def test_lines_are_understood(written: str, spans: list[list[int]]) -> None:
    """A line, or from one to another."""
    assert spans_of(written) == spans


@pytest.mark.parametrize("written", ["", "all", "3-", "-3", "3..7", "1,,2", "9" * 40])
def test_what_names_no_lines_is_refused(written: str) -> None:
    """With an example of how to write it."""
    with pytest.raises(SettingsError, match="3-7,9"):
        spans_of(written)
