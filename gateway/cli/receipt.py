"""Receipts: which mails came in, and what became of them."""

from typing import Annotated

import typer

from core.client.command import Caller, command
from core.client.terminal import Told

receipt = typer.Typer(no_args_is_help=True, help="Mails that came in, and what became of them.")

_COLUMNS = ("id", "verdict", "reason", "kept", "conversationId", "userId", "messageId")


@command(receipt, "list")
async def list_(at: Caller, limit: Annotated[int, typer.Option(min=1, max=100)] = 30) -> Told:
    """List the mails that came in, the newest first."""
    return Told((await at.of_app("GET", "receipts", limit=limit))["data"], _COLUMNS)


@command(receipt, "show")
async def show(at: Caller, id_: Annotated[str, typer.Argument(metavar="RECEIPT")]) -> Told:
    """Show a receipt: envelope, verdict, evidence."""
    return Told(await at.of_app("GET", "receipts", id_))
