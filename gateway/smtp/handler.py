"""The session's two questions, put to ``inbound`` and answered in the words of ``answers``.

The last line of defence: whatever goes wrong here is ours, so it is temporary (451), with a
reference that also stands in the log.
"""

import secrets

from core.address import Purpose
from core.email_address import comparable
from core.observe import Event, logger
from core.verdict import Accept, Defer, Reason
from gateway import answers, inbound
from gateway.answers.logged import logged
from gateway.answers.occasions import Occasion
from gateway.answers.spoken import spoken
from gateway.context import Context
from gateway.failure import failed
from gateway.mail.envelope import Envelope


class MailHandler:
    """Answers RCPT and DATA."""

    def __init__(self, at: Context) -> None:
        """Answer with what this gateway has."""
        self._at = at

    async def rcpt(self, envelope: Envelope, address: str) -> str:
        """Answer RCPT. One reply address a transaction: each mail has one author.

        An address that is named again is the same recipient, and the mail is still one.
        """
        if comparable(address) in map(comparable, envelope.recipients):
            return answers.say(Occasion.RECIPIENT_OK)
        try:
            verdict = await inbound.admit(address, self._at)
        except Exception as error:  # noqa: BLE001  the last line of defence
            return _temporary(error)
        if isinstance(verdict, Accept) and envelope.recipients:
            verdict = Defer(Reason.ONE_TOKEN)
        if isinstance(verdict, Accept):
            return answers.say(Occasion.RECIPIENT_OK)
        logger().info(Event.MAIL_ANSWERED, verb="RCPT", **logged(verdict))
        return spoken(verdict, utf8=envelope.smtputf8)

    async def data(self, envelope: Envelope, content: bytes) -> str:
        """Answer the content."""
        recipient = envelope.recipients[0]
        try:
            verdict = await inbound.receive(envelope, recipient, content, self._at)
        except Exception as error:  # noqa: BLE001  the last line of defence
            return _temporary(error)
        logger().info(
            Event.MAIL_ANSWERED,
            verb="DATA",
            to=_kind_of(recipient),
            octets=len(content),
            **logged(verdict),
        )
        return spoken(verdict, utf8=envelope.smtputf8)


def _temporary(error: Exception) -> str:
    """Log what went wrong and return the reply, which names the line in the log."""
    reference = secrets.token_hex(4)
    return answers.answer(failed(error, reference), reference=reference)


def _kind_of(recipient: str) -> str:
    """Return what kind of address it is, for the log: never the address, whose token is secret."""
    prefix = recipient[:1].lower()
    return next((one.name.lower() for one in Purpose if one.value == prefix), "operator")
