"""Messages: what was said."""

from typing import Annotated, Any

import typer

from core.client.command import Caller, command
from core.client.terminal import Told

message = typer.Typer(no_args_is_help=True, help="Messages: what was said.")

_COLUMNS = ("id", "senderId", "origin", "text")

ConversationArgument = Annotated[str, typer.Argument(metavar="CONVERSATION")]
MessageArgument = Annotated[str, typer.Argument(metavar="MESSAGE", help="Its id, as msg_….")]
TextArgument = Annotated[str, typer.Argument(metavar="TEXT")]


@command(message, "create")
async def create(
    at: Caller,
    conversation: ConversationArgument,
    text: TextArgument,
    sender: Annotated[
        str | None, typer.Option("--from", help="The user who says it; without, the app does.")
    ] = None,
    *,
    critical: Annotated[
        bool, typer.Option("--critical", help="Let it pass quiet hours, caps and backing off.")
    ] = False,
) -> Told:
    """Say something in a conversation."""
    one: dict[str, Any] = {"text": text, "type": "SystemMessage"}
    if critical:
        one["critical"] = True
    if sender is not None:
        one |= {"type": "UserMessage", "sender": sender}
    said = await at.of_app("POST", "conversations", conversation, "messages", body=[one])
    return Told(said, text=said[0]["id"])


@command(message, "list")
async def list_(
    at: Caller,
    conversation: ConversationArgument,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 30,
) -> Told:
    """List what was said last, oldest first."""
    found = await at.of_app("GET", "conversations", conversation, "messages", limit=limit)
    return Told(found["data"][::-1], _COLUMNS)


@command(message, "show")
async def show(at: Caller, conversation: ConversationArgument, id_: MessageArgument) -> Told:
    """Show a message."""
    return Told(await at.of_app("GET", "conversations", conversation, "messages", id_))


@command(message, "set")
async def set_(
    at: Caller, conversation: ConversationArgument, id_: MessageArgument, text: TextArgument
) -> Told:
    """Change what a message says."""
    path = ("conversations", conversation, "messages", id_)
    await at.of_app("PUT", *path, body={"text": text})
    return Told(await at.of_app("GET", *path))
