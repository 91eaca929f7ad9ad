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
from core.lazy_import import lazy_import
from core.unseen import seen_line
from gateway.mail.envelope import Envelope
from gateway.quote.cutmap import Rule

if TYPE_CHECKING:
    from rich import console as rich_console
    from rich import text as rich_text

    from gateway import explained as told
    from gateway import reading
    from gateway.mail import mbox
    from gateway.quote import sent as sent_digests
    from gateway.reading import Reading
else:
    told = lazy_import("gateway.explained")
    reading = lazy_import("gateway.reading")
    mbox = lazy_import("gateway.mail.mbox")
    sent_digests = lazy_import("gateway.quote.sent")
    rich_console = lazy_import("rich.console")
    rich_text = lazy_import("rich.text")


mail = typer.Typer(no_args_is_help=True, help="Mails that came in, and what is read out of them.")

_GUESSED = frozenset({Rule.SIGNATURE, Rule.TAGLINE, Rule.NOTICE, Rule.KNOWN})


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
    locale: Annotated[
        str,
        typer.Option(help="Its writer's language, as pt-BR, for texts whose charset is not told."),
    ] = "",
    app: AppOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Show a mail line by line: what is kept as the reply, what is folded, and by which rule.

    Then what the gateway makes of it: its verdict if it is its owner's, its form, its files, by
    the limits that files have where nothing is set.
    """

    def work() -> None:
        answered = _sent(ctx, sent, app, Given(config, database))
        found = read_whole(_octets(file), answered, locale=locale)
        said = told.explained(found)
        if as_json:
            tell(Told(said), as_json=True)
        else:
            _print(said)

    guarded(work)


def read_whole(raw: bytes, *sent: dict[str, Any] | None, locale: str = "") -> Reading:
    """Read a mail as the gateway would, or raise SettingsError if it may not even be parsed."""
    path = mbox.reverse_path(None, raw)
    ask = reading.Ask(
        reading.Depth.WHOLE,
        sent=[sent_digests.sent_from(one) for one in sent if one],
        locale=locale,
    )
    found = reading.read(mbox.as_sent(raw), Envelope(path, ()), ask)
    if found.unsafe:
        raise SettingsError(f"the mail would be refused before it is read: {found.unsafe}")
    return found


def page(said: dict[str, Any]) -> list[rich_text.Text]:
    """Return what was read of a mail: a mark, the rule and the line itself; then what comes of it.

    ``said`` is what ``gateway.explained`` tells, here or through the API.
    """
    summary = f"{said['kind']}, from the {said['source']}, confidence {said['confidence']:.2f}"
    if said["fallback"] != "none":
        summary += f", given back: {said['fallback']}"
    ends = [rich_text.Text(seen_line(line)) for line in _ends(said)]
    blank, bold = rich_text.Text(), rich_text.Text(summary, style="bold")
    return [*numbered(said["lines"]), blank, bold, *ends]


def numbered(lines: list[dict[str, Any]]) -> list[rich_text.Text]:
    """Return a mail's lines, each with its number, its mark and its rule."""
    width = max((len(line["rule"]) for line in lines), default=0)
    digits = len(str(len(lines)))
    return [
        _line(line, width)
        if line["rule"] == Rule.BLANK
        else rich_text.Text(f"{number:>{digits}} ").append_text(_line(line, width))
        for number, line in enumerate(lines, 1)
    ]


def _ends(said: dict[str, Any]) -> list[str]:
    """Return what becomes of the mail and of its files, as far as the mail itself says."""
    why = f"{said['reason']}, {said['detail']}" if said["detail"] else said["reason"]
    lines = [f"verdict: {said['verdict']} ({why})"]
    if said["form"] != "ordinary":
        lines.append(f"form: {said['form']}")
    if said["reaction"]:
        lines.append(f"reaction: {said['reaction']}")
    lines += [
        f"file: {one['name']}, {one['contentType']}, {one['size']} octets" for one in said["files"]
    ]
    return lines + [f"left out: {one['name']} ({one['why']})" for one in said["leftOut"]]


def _line(line: dict[str, Any], width: int) -> rich_text.Text:
    if line["rule"] == Rule.BLANK:
        return rich_text.Text("  " + " " * width + "  ")
    kept = line["kept"]
    style = "" if kept else "yellow" if line["rule"] in _GUESSED else "dim"
    said = rich_text.Text("+ " if kept else "- ", style="green" if kept else "red")
    said.append(line["rule"].ljust(width) + "  ", style="cyan")
    said.append(seen_line(line["text"]), style=style)
    if line["reason"] and not kept:
        said.append(f"   ({seen_line(line['reason'])})", style="dim italic")
    return said


def _print(said: dict[str, Any]) -> None:
    console = rich_console.Console(soft_wrap=True, highlight=False)
    for line in page(said):
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
