"""Webhook endpoints: where the app is told what happened."""

from typing import Annotated, Any

import typer

from core.client.command import Caller, command
from core.client.terminal import Told
from core.config.starred import shown

webhook = typer.Typer(no_args_is_help=True, help="Endpoints that are told what happened.")

_COLUMNS = ("id", "url", "events", "enabled", "failingSince", "trouble")

Endpoint = Annotated[str, typer.Argument(metavar="ENDPOINT", help="Its id.")]


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
    return Told(shown(await at.of_app("POST", "webhooks", body=body)))


@command(webhook, "list")
async def list_(at: Caller) -> Told:
    """List the app's endpoints, the secrets in their URLs starred."""
    return Told(shown((await at.of_app("GET", "webhooks"))["data"]), _COLUMNS)


@command(webhook, "enable")
async def enable(at: Caller, id_: Endpoint) -> Told:
    """Tell an endpoint again, from where it was disabled."""
    told = await at.of_app("PATCH", "webhooks", id_, body={"enabled": True})
    return Told(told, text=f"{id_} is told again, from where it was.")


@command(webhook, "disable")
async def disable(at: Caller, id_: Endpoint) -> Told:
    """Tell an endpoint nothing until it is enabled again."""
    told = await at.of_app("PATCH", "webhooks", id_, body={"enabled": False})
    return Told(told, text=f"{id_} is told nothing until it is enabled.")


@command(webhook, "delete")
async def delete(at: Caller, id_: Endpoint) -> Told:
    """Tell an endpoint no more."""
    gone = await at.of_app("DELETE", "webhooks", id_)
    return Told(gone, text=f"{id_} is told no more.")
