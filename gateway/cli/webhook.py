"""Webhook endpoints: where the app is told what happened."""

from typing import Annotated, Any

import typer

from core.client.command import Caller, command
from core.client.terminal import Told

webhook = typer.Typer(no_args_is_help=True, help="Endpoints that are told what happened.")

_COLUMNS = ("id", "url", "events", "disabledAt", "disabledReason")


@command(webhook, "create")
async def create(
    at: Caller,
    url: Annotated[str, typer.Argument(metavar="URL")],
    events: Annotated[
        list[str] | None,
        typer.Option("--event", help="An event it wants, as message.sent. Repeatable; all."),
    ] = None,
) -> Told:
    """Tell an endpoint from now on."""
    body: dict[str, Any] = {"url": url} | ({"events": events} if events else {})
    return Told(await at.of_app("POST", "webhooks", body=body))


@command(webhook, "list")
async def list_(at: Caller) -> Told:
    """List the app's endpoints."""
    return Told((await at.of_app("GET", "webhooks"))["data"], _COLUMNS)


@command(webhook, "delete")
async def delete(at: Caller, id_: Annotated[str, typer.Argument(metavar="ENDPOINT")]) -> Told:
    """Tell an endpoint no more."""
    gone = await at.of_app("DELETE", "webhooks", id_)
    return Told(gone, text=f"{id_} is told no more.")
