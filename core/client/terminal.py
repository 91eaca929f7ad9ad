"""How is something told on a terminal, in a pipe, as JSON?

On a terminal a list is a table and a thing is a page; in a pipe they are lines parted by tabs;
``--json`` is the API's own answer. Colours only on a terminal, never with NO_COLOR set.

The trap: much of what is told was written by strangers, and a terminal obeys what it is shown. So
all of it passes through ``core.unseen``; only a mail that a pipe wants is given as it came.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from core.lazy_import import lazy_import
from core.moment import in_words
from core.unseen import seen_block, seen_json, seen_line

if TYPE_CHECKING:
    from rich import console as rich_console
    from rich import table as rich_table
    from rich import text as rich_text
else:
    rich_console = lazy_import("rich.console")
    rich_table = lazy_import("rich.table")
    rich_text = lazy_import("rich.text")


@dataclass(frozen=True, slots=True)
class Told:
    """What a command has to tell: the value, and how people read it.

    ``columns`` names what of a list is shown, ``rows`` the list where the value is none; ``text``
    says it all where a line or two are enough; ``exact``: a pipe gets it to the last sign.
    """

    value: Any
    columns: tuple[str, ...] = ()
    text: str | None = None
    rows: Sequence[Mapping[str, Any]] | None = None
    exact: bool = False


def tell(told: Told, *, as_json: bool) -> None:
    """Write it to standard output."""
    if as_json:
        typer.echo(seen_json(told.value))
    elif told.text is not None:
        is_exact = told.exact and not rich_console.Console().is_terminal
        typer.echo(told.text if is_exact else seen_block(told.text))
    elif told.rows is not None or isinstance(told.value, list):
        _list(told.value if told.rows is None else told.rows, told.columns)
    elif isinstance(told.value, Mapping):
        _thing(told.value)
    elif told.value is not None:
        typer.echo(seen_block(str(told.value)))


def complain(reason: str) -> None:
    """Write what is wrong to standard error, a line a reason."""
    console = rich_console.Console(stderr=True, soft_wrap=True, highlight=False)
    for line in reason.splitlines() or [reason]:
        said = rich_text.Text(seen_line(line))
        console.print(rich_text.Text("rejoinder: ", style="bold red") + said)


def moment(millis: int) -> str:
    """Write a moment in UTC, to the second."""
    return in_words(millis)


def cell(value: Any) -> str:
    """Write one value in few characters."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case list() if all(isinstance(one, str) for one in value):
            return ", ".join(value)
        case Mapping() | list():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


def _list(rows: Sequence[Mapping[str, Any]], columns: tuple[str, ...]) -> None:
    console = rich_console.Console(highlight=False)
    if not console.is_terminal:
        for row in rows:
            typer.echo("\t".join(_named(column, row) for column in columns))
        return
    table = rich_table.Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(rich_text.Text(_named(column, row)) for column in columns))
    console.print(table if rows else rich_text.Text("none", style="dim"))


def _thing(value: Mapping[str, Any]) -> None:
    console = rich_console.Console(highlight=False)
    if not console.is_terminal:
        for name in value:
            typer.echo(f"{seen_line(name)}\t{_named(name, value)}")
        return
    table = rich_table.Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name in value:
        table.add_row(rich_text.Text(seen_line(name)), rich_text.Text(_named(name, value)))
    console.print(table)


def _named(name: str, row: Mapping[str, Any]) -> str:
    """Write one field in one line; a moment as people read it."""
    value = row.get(name)
    if name.endswith("At") and isinstance(value, int):
        return moment(value)
    return seen_line(" ".join(cell(value).split()))
