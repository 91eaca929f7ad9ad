"""Has each row of docs/threat-model.md a test, and is each test it names there?"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
WHO = [
    "A stranger, who holds nothing", "A participant", "Who holds somebody else's reply address",
    "A forwarder, or a list", "Who holds an app's key",
    "An app's users, by the names they choose", "The operator", "Another user of the machine",
    "The relay, and what lies behind it", "The name servers of a sender's domain",
    "Who reads a backup of the database",
]  # fmt: skip


def _page() -> str:
    return (ROOT / "docs/threat-model.md").read_text("utf-8")


def _parts() -> dict[str, list[list[str]]]:
    """Return the cells of each row, by who it is about."""
    parts = {}
    for part in _page().split("\n## ")[1:]:
        who, _, text = part.partition("\n")
        lines = [line for line in text.splitlines() if line.startswith("| ")]
        rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
        parts[who] = [row for row in rows if row[0] != "tries to"]
    return parts


@cache
def _tests_of(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, functions))


def test_everybody_is_there() -> None:
    """Whoever holds something has a part, with at least two rows of it."""
    assert list(_parts()) == WHO
    assert [who for who, rows in _parts().items() if len(rows) < 2] == []


@pytest.mark.parametrize("who", WHO)
def test_every_row_says_what_stops_them_and_which_test_shows_it(who: str) -> None:
    """Three cells, none empty, the last of them nothing but tests."""
    for row in _parts()[who]:
        assert len(row) == 3, row
        assert all(row), row
        assert _TEST.findall(row[2]), row
        assert re.sub(r"[\s,]", "", _TEST.sub("", row[2])) == "", row


@pytest.mark.parametrize(("file", "name"), sorted(set(_TEST.findall(_page()))))
def test_a_test_that_is_named_is_there(file: str, name: str) -> None:
    """Who renames a test, or lets it go, says what shows that row now."""
    assert name in _tests_of(file)


def test_the_page_can_be_found() -> None:
    """From the first page of all, and from the one on how to report."""
    for page in ("README.md", "SECURITY.md"):
        assert "docs/threat-model.md" in (ROOT / page).read_text("utf-8")
    assert "SECURITY.md" in (ROOT / "README.md").read_text("utf-8")
