"""What would be read out of this mail? Line by line, what was kept and what was folded, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.client.command import (
    AppOption,
    Caller,
    ConfigOption,
    DatabaseOption,
    Given,
    JsonOption,
    asking,
    guarded,
)
from core.client.terminal import Told, tell
from core.errors import SettingsError
from core.late import late
from gateway.quote.cutmap import Cut, Rule
from gateway.quote.extraction import Reply

if TYPE_CHECKING:
    from rich import console as rich_console
    from rich import text as rich_text

    from gateway.mail import guard, parse
    from gateway.quote import bench, extract
else:
    guard = late("gateway.mail.guard")
    parse = late("gateway.mail.parse")
    bench = late("gateway.quote.bench")
    extract = late("gateway.quote.extract")
    rich_console = late("rich.console")
    rich_text = late("rich.text")


mail = typer.Typer(no_args_is_help=True, help="Mails that came in, and what is read out of them.")

_GUESSED = frozenset({Rule.SIGNATURE, Rule.TAGLINE, Rule.NOTICE})


@mail.callback()
def _mail() -> None:
    """Mails, and what is read out of them."""


@mail.command("explain")
def explain(  # noqa: PLR0913  one for each thing that may be said
    ctx: typer.Context,
    *,
    file: Annotated[
        Path, typer.Argument(metavar="FILE.eml", help="The mail; - is standard input.")
    ],
    sent: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.json|DELIVERY",
            help="The digest it answers: a file with its text, marker and subject, or a delivery.",
        ),
    ] = None,
    app: AppOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Show a mail line by line: what is kept as the reply, what is folded, and by which rule."""

    def work() -> None:
        reply = read_reply(_octets(file), _sent(ctx, sent, app, Given(config, database)))
        if as_json:
            tell(Told(as_told(reply)), as_json=True)
        else:
            _print(reply)

    guarded(work)


def read_reply(raw: bytes, *sent: dict[str, Any] | None) -> Reply:
    """Return what a mail says, or raise SettingsError if it may not even be parsed."""
    problem = guard.inspect(raw)
    if problem is not None:
        raise SettingsError(f"the mail would be refused before it is read: {problem.what}")
    return extract.extract(parse.parse(raw).body, *(bench.sent_from(one) for one in sent if one))


def as_told(reply: Reply) -> dict[str, Any]:
    """Return a reply as JSON tells it."""
    return {
        "text": reply.text,
        "kind": reply.kind.value,
        "confidence": round(reply.confidence, 3),
        "source": reply.source,
        "fallback": reply.fallback.value,
        "lines": [
            {"text": cut.text, "kept": cut.kept, "rule": cut.rule.value, "reason": cut.reason}
            for cut in reply.cuts
        ],
    }


def page(reply: Reply) -> list[rich_text.Text]:
    """Return the lines of the page: a mark, the rule, the line itself."""
    width = max((len(cut.rule.value) for cut in reply.cuts), default=0)
    lines = [_line(cut, width) for cut in reply.cuts]
    summary = f"{reply.kind.value}, from the {reply.source}, confidence {reply.confidence:.2f}"
    if reply.fallback.value != "none":
        summary += f", given back: {reply.fallback.value}"
    return [*lines, rich_text.Text(), rich_text.Text(summary, style="bold")]


def _line(cut: Cut, width: int) -> rich_text.Text:
    if cut.rule is Rule.BLANK:
        return rich_text.Text("  " + " " * width + "  ")
    style = "" if cut.kept else "yellow" if cut.rule in _GUESSED else "dim"
    said = rich_text.Text("+ " if cut.kept else "- ", style="green" if cut.kept else "red")
    said.append(cut.rule.value.ljust(width) + "  ", style="cyan")
    said.append(cut.text, style=style)
    if cut.reason and not cut.kept:
        said.append(f"   ({cut.reason})", style="dim italic")
    return said


def _print(reply: Reply) -> None:
    console = rich_console.Console(soft_wrap=True, highlight=False)
    for line in page(reply):
        console.print(line)


def _octets(file: Path) -> bytes:
    try:
        if str(file) == "-":
            return typer.get_binary_stream("stdin").read()
        return file.read_bytes()
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from None


def _sent(
    ctx: typer.Context, named: str | None, app: str | None, where: Given
) -> dict[str, Any] | None:
    """Return what was sent: from a file, or from the delivery of that id."""
    if named is None:
        return None
    file = Path(named)
    if not file.exists() and named.startswith("dlv_"):
        return asking(ctx.obj, where, app, lambda at: _trace(at, named))
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise SettingsError(f"{file}: is no JSON: {error}") from None


async def _trace(at: Caller, delivery: str) -> dict[str, Any]:
    found = await at.ask("GET", "admin", "queue", await at.app(), delivery)
    return dict(found.get("trace") or {})
