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
from gateway.mail.envelope import Envelope
from gateway.quote.cutmap import Cut, Rule

if TYPE_CHECKING:
    from rich import console as rich_console
    from rich import text as rich_text

    from gateway import explained as told
    from gateway import reading
    from gateway.mail import mbox
    from gateway.quote import sent as sent_digests
    from gateway.quote.extraction import Reply
    from gateway.reading import Reading
else:
    told = late("gateway.explained")
    reading = late("gateway.reading")
    mbox = late("gateway.mail.mbox")
    sent_digests = late("gateway.quote.sent")
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
    """Show a mail line by line: what is kept as the reply, what is folded, and by which rule.

    Then what the gateway makes of it: its verdict if it is its owner's, its form, its files.
    """

    def work() -> None:
        found = read_whole(_octets(file), _sent(ctx, sent, app, Given(config, database)))
        if as_json:
            tell(Told(told.explained(found)), as_json=True)
        else:
            _print(found)

    guarded(work)


def read_whole(raw: bytes, *sent: dict[str, Any] | None) -> Reading:
    """Read a mail as the gateway would, or raise SettingsError if it may not even be parsed."""
    path = mbox.reverse_path(None, raw)
    ask = reading.Ask(sent=[sent_digests.sent_from(one) for one in sent if one])
    found = reading.read(mbox.as_sent(raw), Envelope(path, ()), ask)
    if found.unsafe:
        raise SettingsError(f"the mail would be refused before it is read: {found.unsafe}")
    return found


def page(reply: Reply) -> list[rich_text.Text]:
    """Return the lines of the page: a mark, the rule, the line itself."""
    width = max((len(cut.rule.value) for cut in reply.cuts), default=0)
    lines = [_line(cut, width) for cut in reply.cuts]
    summary = f"{reply.kind.value}, from the {reply.source}, confidence {reply.confidence:.2f}"
    if reply.fallback.value != "none":
        summary += f", given back: {reply.fallback.value}"
    return [*lines, rich_text.Text(), rich_text.Text(summary, style="bold")]


def _ends(said: dict[str, Any]) -> list[str]:
    """Return what becomes of the mail and of its files, as far as the mail itself says."""
    why = f"{said['reason']}, {said['detail']}" if said["detail"] else said["reason"]
    lines = [f"verdict: {said['verdict']} ({why})"]
    if said["form"] != "ordinary":
        lines.append(f"form: {said['form']}")
    lines += [
        f"file: {one['filename']}, {one['contentType']}, {one['size']} octets"
        for one in said["files"]
    ]
    return lines + [f"left out: {one['filename']} ({one['why']})" for one in said["leftOut"]]


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


def _print(found: Reading) -> None:
    console = rich_console.Console(soft_wrap=True, highlight=False)
    for line in (*page(found.reply), *_ends(told.explained(found))):
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
