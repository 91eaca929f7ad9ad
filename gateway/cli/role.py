"""Roles: bundles of settings; a user has one at a time."""

from pathlib import Path
from typing import Annotated, Any

import typer

from core.client.command import Caller, command, fields
from core.client.terminal import Told, complain
from core.errors import SettingsError

role = typer.Typer(no_args_is_help=True, help="Roles: when and how their users are told.")

_COLUMNS = ("name", "emailEnabled", "timeoutSeconds", "maxWaitSeconds", "quietHours")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The role's name.")]
FieldsArgument = Annotated[
    list[str], typer.Argument(metavar="FIELD=VALUE...", help="As the API names them; JSON or text.")
]
SomeFieldsArgument = Annotated[list[str] | None, typer.Argument(metavar="[FIELD=VALUE]...")]


@command(role, "create")
async def create(at: Caller, name: NameArgument, values: SomeFieldsArgument = None) -> Told:
    """Make a role, as in: rejoinder role create seller timeoutSeconds=60."""
    return _set(await at.of_app("PUT", "roles", name, body=fields(values or [])))


@command(role, "list")
async def list_(at: Caller) -> Told:
    """List the app's roles."""
    return Told((await at.of_app("GET", "roles"))["data"], _COLUMNS)


@command(role, "show")
async def show(at: Caller, name: NameArgument) -> Told:
    """Show a role."""
    return Told(await at.of_app("GET", "roles", name))


@command(role, "set")
async def set_(at: Caller, name: NameArgument, values: FieldsArgument) -> Told:
    """Change a role, as in: rejoinder role set default timeoutSeconds=60."""
    return _set(await at.of_app("PUT", "roles", name, body=fields(values)))


@command(role, "theme")
async def theme(
    at: Caller,
    name: NameArgument,
    *,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The theme of the HTML.")
    ] = None,
    text: Annotated[
        Path | None, typer.Option(metavar="FILE", help="That of the text part.")
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="Go back to our own theme.")] = False,
) -> Told:
    """Give a role its own theme for mails: Jinja2 templates, tried before they are taken."""
    given = {"themeHtml": html, "themeText": text}
    if off == any(given.values()):
        raise SettingsError("say --html FILE, --text FILE or both; or --off")
    body = {one: _read(file) for one, file in given.items() if file} or dict.fromkeys(given)
    answer = _set(await at.of_app("PUT", "roles", name, body=body))
    return Told(answer.value, text=f"{name} has " + ("our own theme." if off else "its own theme."))


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "is no UTF-8"
        raise SettingsError(f"{file}: cannot be read: {why}") from None


def _set(answer: dict[str, Any]) -> Told:
    """Tell a role, and beside it what is worth a word of what was set."""
    for one in answer.pop("warnings", ()):
        complain(f"{one['gravity']}: {one['sentence']} {one['mend']}")
    return Told(answer)
