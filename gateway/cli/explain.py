"""Why did somebody get a mail, or none? The answer to the question every operator is asked."""

from typing import Annotated

import typer

from core.client.command import Caller
from core.client.terminal import Told


async def explain(
    at: Caller,
    user: Annotated[str, typer.Argument(metavar="USER")],
    conversation: Annotated[str, typer.Argument(metavar="CONVERSATION")],
) -> Told:
    """Say why somebody did or did not get a mail about a conversation."""
    path = ("conversations", conversation, "participants", user, "explain")
    return Told(await at.of_app("GET", *path))
