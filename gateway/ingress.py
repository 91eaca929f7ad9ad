"""A mail that is handed in whole, by a program or a pipe, and the one answer to it.

SMTP asks twice, at RCPT and at DATA; here both questions come at once and are put to the same two
functions. What an MTA passes to a program has its own line ends and sometimes a line of mbox above
the header; neither is part of the mail.
"""

import secrets
from dataclasses import dataclass, replace
from functools import partial

from core.address import read_local_part
from core.email_address import unquoted
from core.observe import Event, logger
from core.store import apps
from core.verdict import Accept, Reason, Reject, Verdict
from gateway import inbound
from gateway.answers.logged import logged
from gateway.context import Context
from gateway.failure import failed
from gateway.mail.envelope import Envelope
from gateway.mail.line_ends import has_bare_newline, has_long_line
from gateway.mail.mbox import as_sent, reverse_path

_LONGEST_LINE = 64 * 1024


@dataclass(frozen=True, slots=True)
class WholeMail:
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


async def receive_whole(given: WholeMail, at: Context) -> Answer:
    """Answer a mail that was handed in, as RCPT and DATA together would."""
    reference = secrets.token_hex(4)
    given = replace(given, recipient=unquoted(given.recipient))
    try:
        verdict = await _verdict(given, at)
    except Exception as error:  # noqa: BLE001  the last line of defence
        return Answer(failed(error, reference), reference)
    logger().info(Event.MAIL_ANSWERED, verb="HANDED", octets=len(given.raw), **logged(verdict))
    return Answer(verdict)


async def _verdict(given: WholeMail, at: Context) -> Verdict:
    if given.app_id is not None and not await _is_for(given.recipient, given.app_id, at):
        return Reject(Reason.UNKNOWN_ADDRESS)
    admitted = await inbound.admit(given.recipient, at)
    if not isinstance(admitted, Accept):
        return admitted
    raw, refusal = await at.readers.work_on(
        len(given.raw), lambda: _as_sent_or_why_not(given.raw, at.largest)
    )
    if refusal is not None:
        return Reject(refusal)
    sender = reverse_path(given.sender, given.raw)
    envelope = Envelope(sender, (given.recipient,), peer=given.peer)
    return await inbound.receive(envelope, given.recipient, raw, at)


async def _is_for(recipient: str, app_id: str, at: Context) -> bool:
    """Tell whether an address was made for an app; another app's sounds like one of nobody."""
    token = read_local_part(recipient.rpartition("@")[0], at.keys)
    app = await at.database.read(partial(apps.find, app_id=app_id))
    return token is not None and app is not None and token.app_number == app.number


def _as_sent_or_why_not(raw: bytes, largest: int) -> tuple[bytes, Reason | None]:
    """Return a mail as it goes over the wire, and why it cannot be taken, as SMTP would say."""
    raw = as_sent(raw)
    return raw, _unfit(raw, largest)


def _unfit(raw: bytes, largest: int) -> Reason | None:
    if len(raw) > largest:
        return Reason.TOO_BIG
    if not raw or raw.isspace():
        return Reason.MALFORMED
    if has_bare_newline(raw):
        return Reason.BARE_NEWLINE
    return Reason.LINE_TOO_LONG if has_long_line(raw, _LONGEST_LINE) else None
