"""Links back: the keys an app proves their tokens by, and whom a token lets in."""

from typing import Annotated

import typer

from core.client.command import Caller, command
from core.client.terminal import Told

link = typer.Typer(no_args_is_help=True, help="Links back: their keys, and whom one lets in.")


@command(link, "keys")
async def keys(at: Caller) -> Told:
    """Show the keys that the tokens of the app's links are signed with. They are secrets."""
    found = await at.of_app("GET", "links", "keys")
    return Told(found, ("kid", "secret", "current"), rows=found["keys"])


@command(link, "verify")
async def verify(
    at: Caller, token: Annotated[str, typer.Argument(metavar="TOKEN", help="Out of a link.")]
) -> Told:
    """Say whom the token of a link lets in; exit code 1 and why if it lets nobody."""
    return Told(await at.of_app("POST", "links", "verify", body={"token": token}))
