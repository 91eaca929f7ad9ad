"""Why did somebody get a mail, or none? The answer to the question every operator is asked."""

from typing import Annotated, Any

import typer

from core.client.command import Caller
from core.client.terminal import Told, moment


async def explain(
    at: Caller,
    user: Annotated[str, typer.Argument(metavar="USER")],
    conversation: Annotated[str, typer.Argument(metavar="CONVERSATION")],
) -> Told:
    """Say why somebody did or did not get a mail about a conversation."""
    path = ("conversations", conversation, "participants", user, "explain")
    why = await at.of_app("GET", *path)
    return Told(why, text="\n".join([why["sentence"], *map(_line, why["notifications"])]))


def _line(one: dict[str, Any]) -> str:
    """Return one decision: when, what, how many messages it was about, where they went."""
    decided = "sent" if one["sent"] else "not sent"
    line = f"{moment(one['decidedAt'])}  {decided} ({one['reason']}), {one['messages']} message(s)"
    return "\n".join([line, *(f"    {_end(to)}" for to in one["deliveries"])])


def _end(delivery: dict[str, Any]) -> str:
    """Return what became of one delivery: its state, why, and what the far server said last."""
    said = delivery["explanation"] or delivery["reason"] or ""
    if delivery["attempts"] and not delivery["explanation"]:  # that was before it was cancelled
        last = delivery["attempts"][-1]
        words = (last["cause"], last["code"] or None, last["enhanced"], last["text"])
        said = " ".join(str(one) for one in words if one) or said
    return f"{delivery['address']}: {delivery['state']}" + (f" ({said})" if said else "")
