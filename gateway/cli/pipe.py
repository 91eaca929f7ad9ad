"""``mail receive``: a mail that an MTA pipes into this command, handed to the running service.

For Postfix's pipe(8) and local(8), Exim's pipe transport, procmail, a ``.forward`` or ``.qmail``.
They all understand the exit codes of sysexits(3), and Postfix also an enhanced status code at the
beginning of what is written to standard error.

The trap: every exit code an MTA does not know bounces the mail. So a misspelt option, a service
that is down, a bug: all end with 75, and the mail stays in the queue. Nothing is written when the
mail was taken, since Exim reads output as a failure; and nothing of how we work, since what is
written here may come back to a stranger in a bounce. ``--verbose`` says it to the operator.
"""

import asyncio
import os
import re
import sys
from email.parser import BytesHeaderParser
from email.policy import compat32
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer
from typer.core import TyperCommand

from core.client.command import Caller, ConfigOption, DatabaseOption, Given
from core.errors import SettingsError
from core.unseen import seen_block, seen_line
from gateway.cli.held import mail

__all__ = ["mail"]

OK, DATA, NO_USER, UNAVAILABLE, TRY_LATER, NO_PERMISSION = 0, 65, 67, 69, 75, 77

_KIND = "message/rfc822"
_HEADERS = frozenset({"delivered-to", "x-original-to", "envelope-to", "x-envelope-to"})
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_HEADER_OCTETS = 256 * 1024
_MOST_GUESSES = 20
_CHUNK = 1 << 20
_LONGEST_WORD = 1000
_NOT_OURS = frozenset({"unknown_address", "relay_denied"})
_LATER = "4.3.0 Something went wrong on our side. Please keep the mail and try again later."
_NOBODY = "4.3.5 It is not said to whom the mail goes. Please keep it and try again later."
_TOO_BIG = "5.3.4 The mail is too big. Please send it with smaller or fewer attachments."


class Patient(TyperCommand):
    """A command whose misspelt options keep the mail in the queue instead of bouncing it."""

    def make_context(self, *words: Any, **more: Any) -> typer.Context:
        """Read the options; 75 where they make no sense."""
        try:
            return super().make_context(*words, **more)  # type: ignore[return-value]
        except typer.Exit:
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, the mail must not bounce
            why = seen_line(f"rejoinder: {getattr(error, 'message', '') or error}")
            _tell(f"{_LATER}\n{why}")
            raise typer.Exit(TRY_LATER) from None


def _from_environment(variable: str) -> Any:
    """Return an option that only the environment gives, as an MTA does."""
    return typer.Option(envvar=variable, hidden=True)


Recipients = Annotated[
    list[str] | None,
    typer.Option(metavar="ADDRESS", help="To whom it goes; repeatable. Else see above."),
]
Sender = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", envvar="SENDER", help="The reverse-path; empty for a bounce."),
]
FromHeaders = Annotated[
    bool,
    typer.Option(
        "--from-headers", help="Look for the recipient in Delivered-To and X-Original-To."
    ),
]
Verbose = Annotated[
    bool, typer.Option("--verbose", help="Say on standard error what went wrong with us.")
]


@mail.command("receive", cls=Patient)
def receive(  # noqa: PLR0913  one for each thing an MTA may say
    ctx: typer.Context,
    *,
    recipient: Recipients = None,
    sender: Sender = None,
    from_headers: FromHeaders = False,
    verbose: Verbose = False,
    original: Annotated[str | None, _from_environment("ORIGINAL_RECIPIENT")] = None,
    rewritten: Annotated[str | None, _from_environment("RECIPIENT")] = None,
    user: Annotated[str, _from_environment("USER")] = "",
    extension: Annotated[str, _from_environment("EXTENSION")] = "",
    domain: Annotated[str, _from_environment("DOMAIN")] = "",
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Take a mail from standard input, as a mail server pipes it.

    Without --recipient the address is the one that Postfix's local(8), Exim or qmail leave in the
    environment: ORIGINAL_RECIPIENT, RECIPIENT, or USER, EXTENSION and DOMAIN.

    Exit codes: 0 taken, 67 no such address, 77 may not write, 65 or 69 refused, 75 try again.
    """
    whole = f"{user}+{extension}@{domain}" if user and extension and domain else None
    named = [one for one in (original, rewritten, whole) if one]
    if sender is None and (original or rewritten):
        sender = ""  # who sets RECIPIENT sets SENDER too, and an empty one is as if it were not set

    async def work() -> tuple[int, str]:
        async with ctx.obj(Given(config, database)) as client:
            at = Caller(client, None)
            octets = await _stdin(at)
            if octets is None:
                return DATA, _TOO_BIG
            if recipient:
                return await _each(at, octets, recipient, sender)
            guesses = named or (_named_in(octets) if from_headers else [])
            return await _first_of_ours(at, octets, guesses, sender)

    raise typer.Exit(_guarded(work, verbose=verbose))


def _as_text(word: str) -> str:
    """Return an address as it can be handed on: octets that are no UTF-8 become U+FFFD.

    Python hides such octets of a command line in lone surrogates (PEP 383), which no encoding
    takes. To nobody's address that is answered as to any other; a sender so spelled loses no mail.
    What is longer than any path (256 octets, RFC 5321, 4.5.3.1.3) is cut, so that it can be asked.
    """
    octets = word[:_LONGEST_WORD].encode(errors="surrogateescape")
    return octets.decode(errors="replace")


def _guarded(work: Any, *, verbose: bool) -> int:
    """Run, say what there is to say, and return the exit code."""
    try:
        code, told = asyncio.run(work())
    except Exception as error:  # noqa: BLE001  whatever it is, it is not the mail's fault
        why = f"\n{type(error).__name__}: {error}" if verbose else ""
        code, told = TRY_LATER, _LATER + why
    if told:
        _tell(seen_block(told))
    return int(code)


def _tell(words: str) -> None:
    """Write to standard error, if anything can be: the exit code is what the mail hangs on."""
    try:
        typer.echo(words, err=True)
    except OSError:  # a full disk, a closed pipe
        # What is left in the buffer would fail once more when Python ends, which then exits by 120.
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115


async def _stdin(at: Caller) -> bytes | None:
    """Return the mail, or None if it is larger than a mail may be; the rest is read and let go."""
    largest = int((await at.ask("GET", "admin", "mail"))["largest"])
    stream: BinaryIO = typer.get_binary_stream("stdin")
    octets = stream.read(largest + 1)
    if len(octets) <= largest:
        return octets
    while stream.read(_CHUNK):  # some MTAs take a pipe that closes early for a failure of ours
        pass
    return None


async def _refuse_to_judge_by_nothing(at: Caller) -> None:
    """Raise SettingsError in a database without any app: that is not the service's.

    An MTA starts us in a folder of its own, where a relative path leads to another file, made anew.
    """
    if not (await at.ask("GET", "admin", "apps"))["data"]:
        raise SettingsError("there is no app in this database; is the path in database.url whole?")


async def _each(
    at: Caller, octets: bytes, recipients: list[str], sender: str | None
) -> tuple[int, str]:
    """Hand it in for each recipient. The MTA hears one code: the least final of them.

    When it is offered again, those who have it already are answered alike and get nothing twice.
    """
    ended = [await _offer(at, octets, one, sender) for one in recipients]
    refused = [one for one in ended if one[0] != OK]
    waiting = [one for one in refused if one[0] == TRY_LATER]
    code, told, _ = (waiting or refused or ended)[0]
    return code, told


async def _first_of_ours(
    at: Caller, octets: bytes, guesses: list[str], sender: str | None
) -> tuple[int, str]:
    """Hand it in for the first address that is one of ours."""
    code, told, reason = TRY_LATER, _NOBODY, ""
    for one in guesses[:_MOST_GUESSES]:
        code, told, reason = await _offer(at, octets, one, sender)
        if reason not in _NOT_OURS:
            break
    return code, told


async def _offer(
    at: Caller, octets: bytes, recipient: str, sender: str | None
) -> tuple[int, str, str]:
    """Hand it in once; return the exit code, the sentence, and the reason's name."""
    envelope = {"recipient": _as_text(recipient)}
    if sender is not None:
        envelope["sender"] = _as_text(sender)
    status, told = await at.hand(octets, _KIND, "admin", "mail", **envelope)
    if status == 200:
        return OK, "", ""
    if status == 404:
        await _refuse_to_judge_by_nothing(at)
    enhanced, sentence = str(told.get("enhanced", "")), str(told.get("sentence", ""))
    if not enhanced.startswith("5.") or not sentence:
        return TRY_LATER, f"{enhanced} {sentence}" if enhanced and sentence else _LATER, ""
    return _code(enhanced), f"{enhanced} {sentence}", str(told.get("reason", ""))


def _code(enhanced: str) -> int:
    """Return the exit code of a refusal (sysexits.h) by its enhanced code (RFC 3463, 3)."""
    if enhanced == "5.1.1":
        return NO_USER
    subject = enhanced.split(".")[1]
    return {"6": DATA, "3": DATA, "7": NO_PERMISSION}.get(subject, UNAVAILABLE)


def _named_in(octets: bytes) -> list[str]:
    """Return the addresses the delivering MTA wrote above the mail, the latest first."""
    head = _HEADER_END.split(octets[:_HEADER_OCTETS], 1)[0]
    found = BytesHeaderParser(policy=compat32).parsebytes(head).items()
    values = [str(value).strip(" \t\r\n<>") for name, value in found if name.lower() in _HEADERS]
    return list(dict.fromkeys(value for value in values if "@" in value and value.isascii()))
