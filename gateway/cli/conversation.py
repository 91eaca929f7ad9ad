"""Conversations: who takes part, and what it is about."""

from typing import Annotated, Any

import typer

from core.client.command import Caller, command, fields
from core.client.terminal import Told

conversation = typer.Typer(no_args_is_help=True, help="Conversations, and who takes part.")

_COLUMNS = ("id", "subject", "participants")
_REMINDED = ("recipient", "sent", "reason", "explanation")

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The conversation's id.")]
FieldsArgument = Annotated[
    list[str], typer.Argument(metavar="FIELD=VALUE...", help="As the API names them; JSON or text.")
]
ParticipantsOption = Annotated[
    list[str] | None,
    typer.Option("--participant", help="A user's id, or ID:Read for one who may only read."),
]


@command(conversation, "create")
async def create(
    at: Caller,
    id_: IdArgument,
    subject: Annotated[str | None, typer.Option(help="What it is about.")] = None,
    participants: ParticipantsOption = None,
) -> Told:
    """Make a conversation."""
    members = [
        one.rpartition(":") if _has_access(one) else (one, "", "") for one in participants or []
    ]
    body: dict[str, Any] = {"participants": [who for who, _, _ in members]}
    if subject is not None:
        body["subject"] = subject
    await at.of_app("PUT", "conversations", id_, body=body)
    for who, _, access in members:
        if access:
            await _join(at, id_, who, access)
    return Told(await at.of_app("GET", "conversations", id_))


@command(conversation, "list")
async def list_(at: Caller, limit: Annotated[int, typer.Option(min=1)] = 1000) -> Told:
    """List the app's conversations."""
    found = await at.every("conversations", limit=limit)
    rows = [one | {"participants": ", ".join(one["participants"])} for one in found]
    return Told(found, _COLUMNS, rows=rows)


@command(conversation, "show")
async def show(at: Caller, id_: IdArgument) -> Told:
    """Show a conversation."""
    return Told(await at.of_app("GET", "conversations", id_))


@command(conversation, "set")
async def set_(at: Caller, id_: IdArgument, values: FieldsArgument) -> Told:
    """Change a conversation, as in: rejoinder conversation set bike 'subject=The red bike'."""
    await at.of_app("PUT", "conversations", id_, body=fields(values))
    return Told(await at.of_app("GET", "conversations", id_))


@command(conversation, "address")
async def address(
    at: Caller, id_: IdArgument, user: Annotated[str, typer.Argument(metavar="USER")]
) -> Told:
    """Print the secret address at which a participant may answer."""
    found = await at.of_app("GET", "conversations", id_, "participants", user, "email")
    return Told(found, text=next(iter(found.values())))


@command(conversation, "remind")
async def remind(
    at: Caller,
    id_: IdArgument,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", help="Whom; repeatable. Without: all who have not answered."),
    ] = None,
    texts: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="FIELD=TEXT", help="subject, header, footer or inboxUrl."),
    ] = None,
) -> Told:
    """Remind people by mail of what they have not answered, beyond the mail they had."""
    body: dict[str, Any] = {"channels": ["email"]}
    body |= {"recipients": to} if to else {}
    body |= {"emailSettings": fields(texts)} if texts else {}
    told = await at.of_app("POST", "conversations", id_, "notifications", body=body)
    nobody = None if told["data"] else "Nobody has anything to answer."
    return Told(told["data"], _REMINDED, text=nobody)


async def _join(at: Caller, id_: str, user: str, access: str) -> None:
    await at.of_app("PUT", "conversations", id_, "participants", user, body={"access": access})


def _has_access(text: str) -> bool:
    return text.rpartition(":")[2] in {"Read", "ReadWrite", "None"}
