"""Roles: bundles of settings; a user has one at a time."""

from typing import Annotated, Any

import typer

from core.client.command import Caller, command, fields
from core.client.terminal import Told, complain

role = typer.Typer(no_args_is_help=True, help="Roles: when and how their users are told.")

_COLUMNS = ("name", "emailEnabled", "timeoutSeconds", "maxWaitSeconds")

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


def _set(answer: dict[str, Any]) -> Told:
    """Tell a role, and beside it what is worth a word of what was set."""
    for one in answer.pop("warnings", ()):
        complain(f"{one['gravity']}: {one['sentence']} {one['mend']}")
    return Told(answer)
