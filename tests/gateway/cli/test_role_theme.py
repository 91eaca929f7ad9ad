"""What `role theme` and `role set` ask, and what they tell of what was set."""

from pathlib import Path
from typing import Any

import pytest

from tests.gateway.cli.test_commands import APPS, Api, run

WARNED: dict[str, Any] = {
    "name": "seller",
    "warnings": [{"name": "x", "gravity": "note", "sentence": "It shouts.", "mend": "Do not."}],
}


def _api(answer: Any) -> Api:
    return Api({"GET /admin/apps": (200, APPS), "PUT /v1/shop/roles/seller": (200, answer)})


def test_a_theme_is_read_from_files(tmp_path: Path) -> None:
    """Either part, or both."""
    (tmp_path / "m.html").write_text("<h1>\u00fc</h1>")
    api = _api(WARNED)

    result = run(api, "role", "theme", "seller", "--html", str(tmp_path / "m.html"))

    assert result.exit_code == 0
    assert result.stdout == "seller has its own theme.\n"
    assert "rejoinder: note: It shouts. Do not." in result.stderr
    assert api.asked[-1][2] == {"themeHtml": "<h1>\u00fc</h1>"}


def test_a_theme_is_taken_away() -> None:
    """Both parts."""
    api = _api({"name": "seller"})

    result = run(api, "role", "theme", "seller", "--off")

    assert result.stdout == "seller has our own theme.\n"
    assert api.asked[-1][2] == {"themeHtml": None, "themeText": None}


@pytest.mark.parametrize(
    "words", [[], ["--off", "--html", "x"], ["--html", "/nowhere/x"], ["--text", "/dev/fd/999"]]
)
def test_what_makes_no_sense_is_told(words: list[str]) -> None:
    """Before anything is asked."""
    api = _api({})

    assert run(api, "role", "theme", "seller", *words).exit_code == 2
    assert api.asked == []


def test_what_is_found_of_a_setting_stands_beside_it() -> None:
    """On standard error, so that a pipe gets the role alone."""
    result = run(_api(WARNED), "role", "set", "seller", "subject=HELLO")

    assert result.stdout == "name\tseller\n"
    assert "It shouts." in result.stderr
