"""How values are written for people and for pipes."""

from typing import Any

import pytest

from core.client.terminal import Told, cell, moment, tell


@pytest.mark.parametrize(
    ("value", "written"),
    [
        pytest.param(None, "", id="nothing is written as nothing"),
        pytest.param(True, "yes", id="a truth in a word"),
        pytest.param(["a", "b"], "a, b", id="a list of words with commas"),
        pytest.param({"a": 1}, '{"a": 1}', id="what is nested as JSON"),
        pytest.param(7, "7", id="a number as it is"),
    ],
)
def test_a_value_is_written_in_few_characters(value: Any, written: str) -> None:
    """Each kind of value has one form."""
    assert cell(value) == written


def test_a_moment_is_written_in_utc() -> None:
    """Moments are read by people to the second, whatever the machine's time zone."""
    assert moment(1_700_000_000_000) == "2023-11-14 22:13:20Z"


def test_in_a_pipe_a_list_is_lines_parted_by_tabs(capsys: pytest.CaptureFixture[str]) -> None:
    """A shell can cut it: one line a row, whatever the texts hold."""
    rows = [{"id": "a", "text": "one\ntwo\tthree"}, {"id": "b", "text": None}]

    tell(Told(rows, ("id", "text")), as_json=False)

    assert capsys.readouterr().out == "a\tone two three\nb\t\n"
