"""Secret keys: what proves that a request comes from the app."""

from typing import Annotated

import typer

from core.client.command import Caller, command
from core.client.terminal import Told

key = typer.Typer(no_args_is_help=True, help="Secret keys of an app.")

_COLUMNS = ("id", "ends", "label", "signsWebhooks", "createdAt")

AppArgument = Annotated[
    str | None, typer.Argument(metavar="APP", help="The app; needed when there are several.")
]

KeyArgument = Annotated[str, typer.Argument(metavar="KEY", help="The key's id.")]


@command(key, "create")
async def create(
    at: Caller,
    of: AppArgument = None,
    label: Annotated[str, typer.Option(help="What it is for, for people.")] = "",
) -> Told:
    """Make a key and print its secret, which is told this once. Only the first signs webhooks."""
    owner = of or await at.app()
    made = await at.ask("POST", "admin", "apps", owner, "keys", body={"label": label or None})
    return Told(made, text=made["secretKey"])


@command(key, "list")
async def list_(at: Caller, of: AppArgument = None) -> Told:
    """List the keys that are valid."""
    owner = of or await at.app()
    return Told((await at.ask("GET", "admin", "apps", owner, "keys"))["data"], _COLUMNS)


@command(key, "sign-with")
async def sign_with(at: Caller, id_: KeyArgument) -> Told:
    """Let this key sign the app's webhooks from now on."""
    path = ("admin", "apps", await at.app(), "keys", id_)
    told = await at.ask("PATCH", *path, body={"signsWebhooks": True})
    return Told(told, text=f"{id_} signs webhooks now.")


@command(key, "delete")
async def delete(at: Caller, id_: KeyArgument) -> Told:
    """Revoke a key: what it proved is refused from now on."""
    left = await at.ask("DELETE", "admin", "apps", await at.app(), "keys", id_)
    signing = [one["id"] for one in left["data"] if one["signsWebhooks"]]
    then = f"{signing[0]} signs webhooks." if signing else "No key is left to sign webhooks with."
    return Told(left, text=f"{id_} is revoked. {then}")
