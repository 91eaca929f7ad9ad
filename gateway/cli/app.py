"""Apps: somebody's product, with its settings."""

from typing import Annotated

import typer

from core.client.command import Caller, command, fields
from core.client.terminal import Told

app = typer.Typer(no_args_is_help=True, help="Apps: somebody's product, with its settings.")

_COLUMNS = ("id", "name", "defaultLocale")

AppArgument = Annotated[str, typer.Argument(metavar="ID", help="The app's id.")]
FieldsArgument = Annotated[
    list[str], typer.Argument(metavar="FIELD=VALUE...", help="As the API names them; JSON or text.")
]


@command(app, "create")
async def create(
    at: Caller,
    id_: AppArgument,
    name: Annotated[str | None, typer.Option(help="Its name in mails; by default the id.")] = None,
) -> Told:
    """Make an app with a first key."""
    made = await at.ask("POST", "admin", "apps", body={"id": id_, "name": name or id_})
    return Told(made, text=f"{id_} is there. Its secret key: {made['secretKey']}")


@command(app, "list")
async def list_(at: Caller) -> Told:
    """List all apps."""
    return Told((await at.ask("GET", "admin", "apps"))["data"], _COLUMNS)


@command(app, "show")
async def show(at: Caller, id_: AppArgument) -> Told:
    """Show an app."""
    return Told(await at.ask("GET", "v1", id_))


@command(app, "set")
async def set_(at: Caller, id_: AppArgument, values: FieldsArgument) -> Told:
    """Change an app, as in: rejoinder app set shop defaultLocale=de-DE."""
    await at.ask("PUT", "v1", id_, body=fields(values))
    return Told(await at.ask("GET", "v1", id_))
