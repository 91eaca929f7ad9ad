"""Secret keys: what proves that a request comes from the app."""

from typing import Annotated

import typer

from core.client.command import Caller, command
from core.client.terminal import Told

key = typer.Typer(no_args_is_help=True, help="Secret keys of an app.")

_COLUMNS = ("id", "ends", "label", "createdAt")

AppArgument = Annotated[
    str | None, typer.Argument(metavar="APP", help="The app; needed when there are several.")
]


@command(key, "create")
async def create(
    at: Caller,
    of: AppArgument = None,
    label: Annotated[str, typer.Option(help="What it is for, for people.")] = "",
) -> Told:
    """Make a key and print its secret, which is told this once. It signs webhooks from now on."""
    owner = of or await at.app()
    made = await at.ask("POST", "admin", "apps", owner, "keys", body={"label": label or None})
    return Told(made, text=made["secretKey"])


@command(key, "list")
async def list_(at: Caller, of: AppArgument = None) -> Told:
    """List the keys that are valid."""
    owner = of or await at.app()
    return Told((await at.ask("GET", "admin", "apps", owner, "keys"))["data"], _COLUMNS)


@command(key, "delete")
async def delete(at: Caller, id_: Annotated[str, typer.Argument(metavar="KEY")]) -> Told:
    """Revoke a key: what it proved is refused from now on."""
    gone = await at.ask("DELETE", "admin", "apps", await at.app(), "keys", id_)
    return Told(gone, text=f"{id_} is revoked.")
