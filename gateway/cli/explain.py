"""Why did somebody get a mail, or none? The answer to the question every operator is asked."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from core.client.command import Caller
from core.client.terminal import Told, moment

_WHO = "Who: a user's id, an address, or the Message-ID of a mail."
_WHERE = "The conversation; left out: whatever they are in."
_WHAT = "A message's id, or the Message-ID of a mail: only what became of that."


async def explain(
    at: Caller,
    user: Annotated[str, typer.Argument(metavar="USER", help=_WHO)],
    conversation: Annotated[
        str | None, typer.Argument(metavar="[CONVERSATION]", help=_WHERE)
    ] = None,
    message: Annotated[str | None, typer.Option(metavar="ID", help=_WHAT)] = None,
) -> Told:
    """Say why somebody did or did not get a mail, and what would have to change."""
    why = await at.of_app("GET", "explain", of=user, conversation=conversation, message=message)
    return Told(why, text="\n".join(_lines(why)))


def _lines(why: dict[str, Any]) -> Iterator[str]:
    yield why["sentence"]
    for one in why["suppressions"]:
        yield one["sentence"]
    if why["toChange"]:
        yield "For the next mail to come:"
        yield from (f"    {one['sentence']} ({one['reason']})" for one in why["toChange"])
    for one in why.get("conversations", ()):
        yield f"{one['conversation']}: {one['sentence']}"
        yield from (f"    {each['sentence']} ({each['reason']})" for each in one["toChange"])
    for one in why.get("notifications", ()):
        yield from _decision(one)


def _decision(one: dict[str, Any]) -> Iterator[str]:
    """Yield one decision: when, what, about how many messages; what became of its mails."""
    decided = "a mail was made" if one["sent"] else "no mail"
    about = f"({one['reason']}), {one['messages']} message(s)"
    yield f"{moment(one['decidedAt'])}  {decided} {about}"
    if not one["sent"]:
        yield f"    {one['explanation']}"
    for mail in one["deliveries"]:
        yield f"    {mail['address']}"
        yield from (_step(step) for step in mail["timeline"])
        if mail["explanation"]:
            yield f"        {mail['explanation']}"


def _step(step: dict[str, Any]) -> str:
    said = f" ({step['said']})" if step["said"] else ""
    return f"        {moment(step['at'])}  {step['what']}{said}"
