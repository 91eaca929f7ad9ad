"""What the operator reads must be whole and true."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from core.config import pages
from core.config.loading import known_names, load
from core.config.settings import Settings


def test_the_page_names_every_setting() -> None:
    """Each section has a heading and each setting a row with a sentence."""
    page = pages.markdown()

    for name in known_names():
        section, setting = name.split(".")
        rows = page.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
        assert re.search(rf"^\| `{setting}` \| .* \| .+\. \|$", rows, re.MULTILINE), name


def test_the_example_says_nothing_by_itself(tmp_path: Path) -> None:
    """Copied as it is, the example file changes no default."""
    file = tmp_path / "rejoinder.toml"
    file.write_text(pages.example_toml())

    settings = load(file, {}, {})

    assert settings == Settings()


def test_the_example_works_with_every_line_uncommented(tmp_path: Path) -> None:
    """Whichever line an operator takes the comment from, it is one Rejoinder reads."""
    file = tmp_path / "rejoinder.toml"
    file.write_text(re.sub(r"(?m)^# (?=[a-z0-9_]+ = )", "", pages.example_toml()))

    load(file, {}, {})
    tables = tomllib.loads(file.read_text())

    assert [f"{name}.{one}" for name, table in tables.items() for one in table] == known_names()


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("plain", id="text"),
        pytest.param('a "b" \\ c\nüñ', id="text with signs of its own"),
        pytest.param(25, id="a whole number"),
        pytest.param(0.5, id="a broken number"),
        pytest.param(True, id="a truth"),
        pytest.param(["a", "b"], id="a list"),
        pytest.param([], id="an empty list"),
        pytest.param({"1": "aa", "2": "bb"}, id="a table"),
        pytest.param({}, id="an empty table"),
    ],
)
def test_values_are_written_as_they_are_read(value: Any) -> None:
    """A value written to a settings file comes back as itself."""
    written = pages.toml(value)

    assert tomllib.loads(f"x = {written}")["x"] == value


def test_a_secret_is_not_written_by_accident() -> None:
    """A value that is typed as secret stays starred on a page."""
    written = pages.toml(SecretStr("sesame"))

    assert "sesame" not in written
