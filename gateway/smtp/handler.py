"""The session's two questions, put to ``inbound`` and answered in the words of ``answers``.

The last line of defence: whatever goes wrong here is ours, so it is temporary (451), with a
reference that also stands in the log.
"""

import secrets

from core.address import Purpose
from core.errors import StoreUnavailable
from core.observe import Event, logger
from core.verdict import Accept, Defer, Reason, Reject, Verdict
from gateway import answers, inbound
from gateway.answers.occasions import Occasion
from gateway.inbound import Reception
from gateway.mail.envelope import Envelope


class MailHandler:
    """Answers RCPT and DATA for a reception."""

    def __init__(self, reception: Reception) -> None:
        """Answer for this reception."""
        self._at = reception

    async def rcpt(self, envelope: Envelope, address: str) -> str:
        """Answer RCPT. One reply address a transaction: each mail has one author."""
        reference = secrets.token_hex(4)
        try:
            verdict = await inbound.admit(address, self._at)
        except Exception as error:  # noqa: BLE001  the last line of defence
            return answers.answer(_failed(error, reference), reference=reference)
        if isinstance(verdict, Accept) and envelope.recipients:
            verdict = Defer(Reason.ONE_TOKEN)
        if isinstance(verdict, Accept):
            return answers.say(Occasion.RECIPIENT_OK)
        logger().info(Event.MAIL_ANSWERED, verb="RCPT", **_told(verdict))
        return answers.answer(verdict)

    async def data(self, envelope: Envelope, content: bytes) -> str:
        """Answer the content."""
        reference = secrets.token_hex(4)
        recipient = envelope.recipients[0]
        try:
            verdict = await inbound.receive(envelope, recipient, content, self._at)
        except Exception as error:  # noqa: BLE001  the last line of defence
            return answers.answer(_failed(error, reference), reference=reference)
        logger().info(
            Event.MAIL_ANSWERED,
            verb="DATA",
            to=Purpose(recipient[0].lower()).name.lower(),
            octets=len(content),
            **_told(verdict),
        )
        return answers.answer(verdict)


def _failed(error: Exception, reference: str) -> Defer:
    """Log what went wrong and return the temporary verdict it deserves."""
    if isinstance(error, StoreUnavailable):
        logger().warning(Event.MAIL_FAILED, reference=reference, reason=str(error))
        return Defer(Reason.STORAGE_UNAVAILABLE)
    logger().error(Event.MAIL_FAILED, reference=reference, exc_info=error)
    return Defer(Reason.INTERNAL_ERROR)


def _told(verdict: Verdict) -> dict[str, str]:
    told = {"verdict": type(verdict).__name__.lower(), "reason": verdict.reason.value}
    if isinstance(verdict, Accept) and verdict.receipt_id:
        told["receipt"] = verdict.receipt_id
        told["message"] = verdict.message_id or ""
    if not isinstance(verdict, Accept | Defer | Reject) and verdict.detail:
        told["rule"] = verdict.detail
    return told
