"""A mail that is handed in whole, by a program or a pipe, and the one answer to it.

SMTP asks twice, at RCPT and at DATA; here both questions come at once and are put to the same two
functions. What an MTA passes to a program has its own line ends and sometimes a line of mbox above
the header; neither is part of the mail.

The last line of defence of all doors stands here: whatever goes wrong is ours, so it is temporary
(451), with a reference that also stands in the log.
"""

import re
import secrets
from dataclasses import dataclass
from functools import partial

from core.address import read_local_part
from core.errors import StoreBroken, StoreFull, StoreUnavailable
from core.observe import Event, logger
from core.store import apps
from core.verdict import Accept, Defer, Reason, Reject, Verdict
from gateway import inbound
from gateway.context import Reception
from gateway.mail.envelope import Envelope

_LONGEST_LINE = 64 * 1024
# What Postfix's pipe(8) makes of a null reverse-path, and how others write it.
_NULL = frozenset({"", "mailer-daemon"})
_MBOX_LINE = re.compile(rb">?From ([^\s]*)[^\r\n]*\r?\n")
_RETURN_PATH = re.compile(rb"return-path:[ \t]*([^\s]*)", re.IGNORECASE)
_UNTOLD = "unknown"
_BARE_CR = re.compile(rb"\r(?!\n)")


@dataclass(frozen=True, slots=True)
class Hatch:
    """Where mail is handed in: what receives it, and the most octets it may have."""

    reception: Reception
    largest: int = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A mail as it was handed in. ``app_id``: the app it must be for; None where any is meant.

    ``sender`` is empty for a null reverse-path, and None where nobody said: these are not the same,
    since a mail with a null reverse-path is a machine's.
    """

    raw: bytes
    recipient: str
    sender: str | None = None
    app_id: str | None = None
    peer: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict, and the reference that names its line in the log if something went wrong."""

    verdict: Verdict
    reference: str | None = None


async def hand_in(given: HandedIn, hatch: Hatch) -> Answer:
    """Answer a mail that was handed in, as RCPT and DATA together would."""
    reference = secrets.token_hex(4)
    try:
        verdict = await _verdict(given, hatch)
    except Exception as error:  # noqa: BLE001  the last line of defence
        return Answer(failed(error, reference), reference)
    logger().info(Event.MAIL_ANSWERED, verb="HANDED", octets=len(given.raw), **told(verdict))
    return Answer(verdict)


def reverse_path(said: str | None, raw: bytes) -> str:
    """Return the reverse-path without brackets, empty for the null one.

    If nobody said it, the delivering MTA may have written it above the mail (RFC 5321, 4.4).
    """
    if said is None:
        mbox = _MBOX_LINE.match(raw)
        field = _RETURN_PATH.match(raw, mbox.end() if mbox else 0)
        found = field or mbox
        said = found[1].decode("ascii", "replace") if found else _UNTOLD
    bare = said.strip().removeprefix("<").removesuffix(">").strip()
    return "" if bare.lower() in _NULL else bare


def as_sent(raw: bytes) -> bytes:
    """Return a mail as it goes over the wire: no mbox line above it, each line ended by CR LF."""
    mbox = _MBOX_LINE.match(raw)
    return raw[mbox.end() if mbox else 0 :].replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def failed(error: Exception, reference: str) -> Defer:
    """Log what went wrong and return the temporary verdict it deserves."""
    if isinstance(error, StoreUnavailable):
        grave = isinstance(error, StoreBroken | StoreFull)
        tell = logger().error if grave else logger().warning
        tell(Event.MAIL_FAILED, reference=reference, reason=str(error))
        full = isinstance(error, StoreFull)
        return Defer(Reason.STORAGE_FULL if full else Reason.STORAGE_UNAVAILABLE)
    logger().error(Event.MAIL_FAILED, reference=reference, exc_info=error)
    return Defer(Reason.INTERNAL_ERROR)


def told(verdict: Verdict) -> dict[str, str]:
    """Return what the log says of a verdict."""
    said = {"verdict": type(verdict).__name__.lower(), "reason": verdict.reason.value}
    if isinstance(verdict, Accept) and verdict.receipt_id:
        said["receipt"] = verdict.receipt_id
        said["message"] = verdict.message_id or ""
    if not isinstance(verdict, Accept | Defer | Reject) and verdict.detail:
        said["rule"] = verdict.detail
    return said


async def _verdict(given: HandedIn, hatch: Hatch) -> Verdict:
    at = hatch.reception
    if given.app_id is not None and not await _is_for(given.recipient, given.app_id, at):
        return Reject(Reason.UNKNOWN_ADDRESS)
    admitted = await inbound.admit(given.recipient, at)
    if not isinstance(admitted, Accept):
        return admitted
    raw = as_sent(given.raw)
    refusal = _unfit(raw, hatch.largest)
    if refusal is not None:
        return Reject(refusal)
    sender = reverse_path(given.sender, given.raw)
    envelope = Envelope(sender, (given.recipient,), peer=given.peer)
    return await inbound.receive(envelope, given.recipient, raw, at)


async def _is_for(recipient: str, app_id: str, at: Reception) -> bool:
    """Tell whether an address was made for an app; another app's sounds like one of nobody."""
    token = read_local_part(recipient.rpartition("@")[0], at.keys)
    app = await at.database.read(partial(apps.find, app_id=app_id))
    return token is not None and app is not None and token.app_number == app.number


def _unfit(raw: bytes, largest: int) -> Reason | None:
    """Return why the octets cannot be taken, as the SMTP door would say, or None."""
    if len(raw) > largest:
        return Reason.TOO_BIG
    if not raw.strip():
        return Reason.MALFORMED
    if _BARE_CR.search(raw):
        return Reason.BARE_NEWLINE
    longest = max(len(line) for line in raw.split(b"\r\n"))
    return Reason.LINE_TOO_LONG if longest > _LONGEST_LINE else None
