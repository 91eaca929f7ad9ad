"""Post after all what a rule took for something else than the sender's words.

The trap: a number means a line of the mail as it was shown. So the mail is shown first, and its
fingerprint goes along with the numbers; a service that reads other lines by now refuses them.
"""

import re
from typing import Annotated, Any

import typer

from core.client.command import Caller, command
from core.client.terminal import Told
from core.errors import SettingsError
from gateway.cli.mail import numbered
from gateway.cli.pipe import mail

__all__ = ["mail"]

_SPAN = re.compile(r"(\d{1,7})(?:-(\d{1,7}))?")


@command(mail, "repost")
async def repost(
    at: Caller,
    id_: Annotated[str, typer.Argument(metavar="RECEIPT", help="The mail that was posted.")],
    keep: Annotated[
        str | None,
        typer.Option(metavar="LINES", help="As they are numbered here: 3-7,9."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All lines of it.")] = False,  # noqa: FBT002
    fingerprint: Annotated[
        str | None, typer.Option(help="As it was shown before: refuse if the lines are others now.")
    ] = None,
) -> Told:
    """Show a mail's lines by their numbers, and post some that were folded, as an edit.

    Without --keep or --all, it is only shown.
    """
    wanted = _wanted(keep, everything=everything)
    path = await _path(at, id_)
    mail = await at.of_app("GET", *path)
    shown = "\n".join(line.plain for line in numbered(_lines(mail["ranges"])))
    if wanted is None:
        return Told(mail, text=f"{shown}\n\nfingerprint: {mail['fingerprint']}")
    asked = {"keep": wanted, "fingerprint": fingerprint or mail["fingerprint"]}
    done = await at.of_app("POST", *path, body=asked)
    return Told(done, text=f"{shown}\n\n{done['id']} says now:\n{done['text']}")


def _wanted(keep: str | None, *, everything: bool) -> str | list[list[int]] | None:
    """Return which lines are to be posted, None if none are. Raise SettingsError."""
    if everything and keep is not None:
        raise SettingsError("say which lines with --keep 3-7,9, or --all, not both")
    return "all" if everything else spans_of(keep) if keep is not None else None


async def _path(at: Caller, receipt_id: str) -> tuple[str, ...]:
    """Return where the mail of a receipt is. Raise SettingsError if it became no message."""
    receipt = await at.of_app("GET", "receipts", receipt_id)
    message = receipt["messageId"]
    if message is None:
        raise SettingsError(
            f"{receipt_id} was not posted ({receipt['verdict']}, {receipt['reason']}); what waits "
            "is posted with rejoinder mail release, or with mail replay --post"
        )
    return ("conversations", receipt["conversationId"], "messages", message, "mail")


def _lines(ranges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the lines of a mail from its ranges."""
    return [one | {"text": line} for one in ranges for line in one["text"].split("\n")]


def spans_of(written: str) -> list[list[int]]:
    """Return spans of lines from how they are written: ``3-7,9``. Raise SettingsError."""
    spans = []
    for part in written.split(","):
        found = _SPAN.fullmatch(part.strip())
        if found is None:
            raise SettingsError(f"{part.strip()!r} names no lines; write them as 3-7,9")
        spans.append([int(found[1]), int(found[2] or found[1])])
    return spans
