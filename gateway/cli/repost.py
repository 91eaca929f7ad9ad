"""Post after all what a rule took for something else than the sender's words."""

import re
from typing import Annotated, Any

import typer

from core.client.command import Caller, command
from core.client.terminal import Told
from core.errors import SettingsError
from gateway.cli.pipe import mail

__all__ = ["mail"]

_SPAN = re.compile(r"(\d{1,7})(?:-(\d{1,7}))?")


@command(mail, "repost")
async def repost(
    at: Caller,
    id_: Annotated[str, typer.Argument(metavar="RECEIPT", help="The mail that was posted.")],
    keep: Annotated[
        str | None,
        typer.Option(metavar="LINES", help="As mail replay numbers them: 3-7,9."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All lines of it.")] = False,  # noqa: FBT002
) -> Told:
    """Post lines of a mail that were folded, as an edit of the message it became.

    See what it says with: rejoinder mail replay RECEIPT
    """
    if everything == (keep is not None):
        raise SettingsError("say which lines with --keep 3-7,9, or --all")
    receipt = await at.of_app("GET", "receipts", id_)
    message = receipt["messageId"]
    if message is None:
        raise SettingsError(
            f"{id_} was not posted ({receipt['verdict']}, {receipt['reason']}); what waits is "
            "posted with rejoinder mail release, or with mail replay --post"
        )
    path = ("conversations", receipt["conversationId"], "messages", message, "mail")
    asked: dict[str, Any] = {"keep": "all" if everything else spans_of(keep or "")}
    done = await at.of_app("POST", *path, body=asked)
    return Told(done, text=f"{message} says now:\n{done['text']}")


def spans_of(written: str) -> list[list[int]]:
    """Return spans of lines from how they are written: ``3-7,9``. Raise SettingsError."""
    spans = []
    for part in written.split(","):
        found = _SPAN.fullmatch(part.strip())
        if found is None:
            raise SettingsError(f"{part.strip()!r} names no lines; write them as 3-7,9")
        spans.append([int(found[1]), int(found[2] or found[1])])
    return spans
