"""LMTP (RFC 2033): SMTP between an MTA of the operator's and us, with an answer per recipient.

Every recipient is a delivery of its own, so that several reply addresses fit in one transaction,
and the one that is refused takes none of the others with it. The peer relays what the world says
to it: wrong recipients are not its guesses, and neither slow it down nor end the session.
"""

from dataclasses import replace

from gateway.answers.occasions import Occasion
from gateway.mail.envelope import Envelope
from gateway.smtp.dot_content import Content
from gateway.smtp.smtp_session import SmtpSession


class LmtpSession(SmtpSession):
    """One session of an MTA that delivers to us."""

    passes_on = True

    async def do_lhlo(self, hostname: str | None) -> None:
        """Say what we can do (RFC 2033, 4.1 and 5)."""
        await super().do_ehlo(hostname)

    async def do_ehlo(self, hostname: str | None) -> None:
        """Refuse what belongs to the other protocol."""
        await self.complain(Occasion.LHLO_ONLY)

    do_helo = do_ehlo

    def _asked_with(self) -> Envelope:
        """Ask about each recipient as if it were the only one."""
        return replace(self._offered(), recipients=())

    async def _replies(self, refusal: str, content: Content) -> str:
        """Return one reply for each recipient that was accepted, in their order (4.2)."""
        offered = self._offered()
        replies = []
        for recipient in offered.recipients:
            # One after another: all read the same octets, and a crash in one is told of that one.
            alone = replace(offered, recipients=(recipient,))
            replies.append(refusal or await self._one(alone, content))
        return "\r\n".join(replies)

    async def _one(self, alone: Envelope, content: Content) -> str:
        """Return the reply for one recipient, whatever happens: the others are owed theirs."""
        try:
            return await self.server.handler.data(alone, content.octets)
        except Exception as error:  # noqa: BLE001  the last line of defence
            return self.temporary(error)
