"""Mails that came in: list and show them, read one again, post or drop what is held."""

import base64
from typing import Annotated, Any

import typer

from core.client.command import Caller, command
from core.client.terminal import Told, complain
from gateway.cli.mail import mail, page

__all__ = ["mail"]

_RECEIPTS = ("id", "verdict", "reason", "kept", "conversationId", "userId", "messageId")
_FOR_OPERATOR = ("id", "recipient", "author", "subject", "size", "detail")
_HELD = ("id", "state", "reason", "sender", "conversationId", "userId", "text")

Receipt = Annotated[str, typer.Argument(metavar="RECEIPT")]
Operator = Annotated[
    bool, typer.Option("--operator", help="Mail to postmaster@ and abuse@, which is no app's.")
]
Held = Annotated[str, typer.Argument(metavar="HELD")]


@command(mail, "list")
async def list_(
    at: Caller,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 30,
    operator: Operator = False,  # noqa: FBT002  a flag
) -> Told:
    """List the mails that came in, the newest first."""
    if operator:
        found = await at.ask("GET", "admin", "operator", "mails", limit=limit)
        return Told(found["data"], _FOR_OPERATOR)
    return Told((await at.of_app("GET", "receipts", limit=limit))["data"], _RECEIPTS)


@command(mail, "show")
async def show(
    at: Caller,
    id_: Receipt,
    operator: Operator = False,  # noqa: FBT002  a flag
) -> Told:
    """Show what is kept of a mail: envelope, verdict, evidence."""
    if operator:
        return Told(await at.ask("GET", "admin", "operator", "mails", id_))
    return Told(await at.of_app("GET", "receipts", id_))


@command(mail, "raw")
async def raw(
    at: Caller,
    id_: Receipt,
    operator: Operator = False,  # noqa: FBT002  a flag
) -> Told:
    """Print a mail as it came in, or its headers where no more is kept, which is said beside it."""
    where = ("operator", "mails") if operator else ("receipts", await at.app())
    found = await at.ask("GET", "admin", *where, id_, "raw")
    text, kept = _text(base64.b64decode(found["raw"])), found.get("kept", "whole")
    if kept != "whole":
        complain(f"of this mail only the {kept} are kept: its address had had a day's mail")
    return Told({"id": id_, "raw": text, "kept": kept}, text=text, exact=True)


@command(mail, "replay")
async def replay(
    at: Caller,
    id_: Receipt,
    post: Annotated[  # noqa: FBT002  a flag
        bool, typer.Option("--post", help="Post it, if it was set aside unread (quarantined).")
    ] = False,
) -> Told:
    """Read a kept mail again, as it would be read today, in a process of its own.

    A mail that the service has died of three times is kept unread: look at it with this, and post
    it with --post.
    """
    where = ("admin", "receipts", await at.app(), id_)
    if post:
        return Told(await at.ask("POST", *where, "post"))
    said = await at.ask("POST", *where, "replay")
    author = f"from: {said['author']}"
    return Told(said, text="\n".join([author, *(line.plain for line in page(said))]))


@command(mail, "held")
async def held(
    at: Caller,
    every: Annotated[bool, typer.Option("--all", help="Also those that were decided.")] = False,  # noqa: FBT002
    limit: Annotated[int, typer.Option(min=1)] = 1000,
) -> Told:
    """List the replies that wait for somebody to say whose they are."""
    said = "true" if every else None
    return Told(await at.pages("admin", "held", app=await at.app(), all=said, limit=limit), _HELD)


@command(mail, "release")
async def release(at: Caller, id_: Held) -> Told:
    """Post a held reply."""
    return Told(await _decide(at, id_, "release"))


@command(mail, "drop")
async def drop(at: Caller, id_: Held) -> Told:
    """Let a held reply go; it is never posted."""
    return Told(await _decide(at, id_, "drop"))


async def _decide(at: Caller, id_: str, choice: str) -> Any:
    return await at.ask("POST", "admin", "held", await at.app(), id_, choice)


def _text(octets: bytes) -> str:
    return octets.decode("utf-8", "replace").replace("\r\n", "\n")
