"""Users: who talks, and where they are reached."""

from typing import Annotated

import typer

from core.client.command import Caller, command, fields
from core.client.terminal import Told

user = typer.Typer(no_args_is_help=True, help="Users: who talks, and where they are reached.")

_COLUMNS = ("id", "name", "email", "role", "locale")

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The user's id.")]
FieldsArgument = Annotated[
    list[str], typer.Argument(metavar="FIELD=VALUE...", help="As the API names them; JSON or text.")
]


@command(user, "create")
async def create(
    at: Caller,
    id_: IdArgument,
    name: Annotated[str | None, typer.Option(help="Their name; by default the id.")] = None,
    email: Annotated[list[str] | None, typer.Option(help="An address. Repeatable.")] = None,
    role: Annotated[str | None, typer.Option(help="The role they have.")] = None,
    locale: Annotated[str | None, typer.Option(help="Their language, as pt-BR.")] = None,
) -> Told:
    """Make a user, or change one."""
    given = {"name": name or id_, "email": email, "role": role, "locale": locale}
    body = {field: value for field, value in given.items() if value is not None}
    await at.of_app("PUT", "users", id_, body=body)
    return Told(await at.of_app("GET", "users", id_))


@command(user, "list")
async def list_(at: Caller, limit: Annotated[int, typer.Option(min=1)] = 1000) -> Told:
    """List the app's users."""
    return Told(await at.every("users", limit=limit), _COLUMNS)


@command(user, "show")
async def show(at: Caller, id_: IdArgument) -> Told:
    """Show a user."""
    return Told(await at.of_app("GET", "users", id_))


@command(user, "set")
async def set_(at: Caller, id_: IdArgument, values: FieldsArgument) -> Told:
    """Change a user, as in: rejoinder user set ann 'email=["ann@example.com"]'."""
    await at.of_app("PUT", "users", id_, body=fields(values))
    return Told(await at.of_app("GET", "users", id_))


@command(user, "erase")
async def erase(at: Caller, id_: IdArgument) -> Told:
    """Erase a person for good: who they were, what they said, what they were sent."""
    await at.of_app("DELETE", "users", id_)
    return Told({"id": id_}, text=f"{id_} is erased.")
