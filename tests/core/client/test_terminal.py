"""How values are written for people and for pipes."""

from typing import Any

import pytest

from core.client.terminal import Told, cell, complain, moment, tell


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


_EVIL = "\x1b]0;t\x07\x9b31m\u202e\U000e0041"
_SHOWN = r"\x1b]0;t\x07\x9b31m\u202e\U000e0041"


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        pytest.param(Told([{"id": _EVIL}], ("id",)), f"{_SHOWN}\n", id="a cell"),
        pytest.param(Told({"id": _EVIL}), f"id\t{_SHOWN}\n", id="a field"),
        pytest.param(Told({_EVIL: 1}), f"{_SHOWN}\t1\n", id="a name"),
        pytest.param(Told({"id": {"a": [_EVIL]}}), None, id="what is nested"),
        pytest.param(Told({"id": ["a", _EVIL]}), f"id\ta, {_SHOWN}\n", id="a list"),
        pytest.param(Told(1, text=f"a\n{_EVIL}"), f"a\n{_SHOWN}\n", id="a text"),
        pytest.param(Told(_EVIL), f"{_SHOWN}\n", id="a value"),
        pytest.param(Told([], ("id",), rows=[{"id": _EVIL}]), f"{_SHOWN}\n", id="a row"),
    ],
)
def test_no_strangers_words_lead_a_terminal(
    told: Told, shown: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever holds them, they are shown as text; as JSON, too."""
    tell(told, as_json=False)
    as_text = capsys.readouterr().out
    tell(told, as_json=True)
    as_json = capsys.readouterr().out

    assert shown in {None, as_text}
    assert not set(as_text + as_json) & set(_EVIL) - set("]0;t31m")


def test_only_a_mail_is_given_as_it_came(capsys: pytest.CaptureFixture[str]) -> None:
    """A pipe gets a mail to the last sign; a complaint is shown as text."""
    tell(Told({}, text=f"a\t{_EVIL}", exact=True), as_json=False)
    complain(f"no user {_EVIL}\nat all")
    said = capsys.readouterr()

    assert said.out == f"a\t{_EVIL}\n"
    assert said.err == f"rejoinder: no user {_SHOWN}\nrejoinder: at all\n"
