"""Has each failure and each attack of docs/failures.md a test that bears its number?

A number stands in a test's own name (``test_p5_02_…``), at the beginning of a parameter's id
(``5.8 …``, ``7.12-…``) or in the name of a dialogue (``p7-06-….smtp``).
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROWS = [f"5.{n}" for n in range(1, 47)] + [f"7.{n}" for n in range(1, 33)]
# Where ids of tests are written that another file runs.
_RUN_BY = {"tests/support/hostile.py": "tests/gateway/mail/test_generators.py"}
_NAME = re.compile(r"(?:test_)?p([57])[-_](\d\d)[-_]")
_ID = re.compile(r"([57])\.(\d{1,2})[ -]")
_MAYBE = re.compile(r"p[57]_\d\d_|[\"'][57]\.\d")
_LINE = re.compile(r"\| ([57]\.\d+) \| (.+) \| (.+) \|")


@cache
def _named() -> dict[str, set[str]]:
    """Return the numbers that tests bear, and where."""
    found: dict[str, set[str]] = {}
    for script in (ROOT / "tests/dialogues").glob("p*.smtp"):
        if name := _NAME.match(script.name):
            row = f"{name[1]}.{int(name[2])}"
            found.setdefault(row, set()).add(f"tests/dialogues/{script.name[:5]}*.smtp")
    for file in (ROOT / "tests").rglob("*.py"):
        path, text = file.relative_to(ROOT).as_posix(), file.read_text("utf-8")
        for name in _names(ast.parse(text)) if _MAYBE.search(text) else ():
            row = f"{name[1]}.{int(name[2])}"
            found.setdefault(row, set()).add(_RUN_BY.get(path, path))
    return found


def _names(tree: ast.Module) -> Iterator[re.Match[str]]:
    """Yield what bears a number in a file of tests."""
    for node in ast.walk(tree):
        name = None
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            name = _NAME.match(node.name)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            name = _ID.match(node.value)
        if name is not None:
            yield name


@cache
def _page() -> dict[str, tuple[str, str]]:
    """Return the rows of the page: what fails, and where that is tested."""
    text = (ROOT / "docs/failures.md").read_text("utf-8")
    lines = [_LINE.fullmatch(line) for line in text.splitlines()]
    return {line[1]: (line[2], line[3]) for line in lines if line is not None}


def test_the_page_has_every_row_in_order() -> None:
    """No failure is dropped, and none stands where nobody finds it."""
    assert list(_page()) == ROWS


def test_no_test_bears_a_number_of_no_row() -> None:
    """A misspelt number would let its row go untested."""
    assert sorted(set(_named()) - set(ROWS)) == []


@pytest.mark.parametrize("row", ROWS)
def test_a_row_is_tested_where_the_page_says(row: str) -> None:
    """The page names every file with a test of this row, and no other."""
    _, where = _page()[row]

    assert _named().get(row)
    assert set(re.findall(r"`(tests/[^`]+)`", where)) == _named()[row]
