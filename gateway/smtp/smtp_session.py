"""The commands of SMTP (RFC 5321), each answered in the words of ``answers``.

The envelope is built here, and each recipient put to the handler: may they be written to? The
content is the matter of ``transfer``, coming and going that of ``visit``.
"""

from core.verdict import Reason, Reject
from gateway import answers
from gateway.answers.occasions import Occasion
from gateway.mail.envelope import Envelope
from gateway.smtp.arguments import Sender, read_recipient, read_sender
from gateway.smtp.timeouts import tarpit
from gateway.smtp.server_state import Station
from gateway.smtp.transfer import Transfer


class Session(Transfer):
    """One peer's session."""

    def __init__(self, station: Station, peer: str = "") -> None:
        """Begin without a mail."""
        super().__init__(station, peer)
        self._bad_recipients = 0

    # ------------------------------------------------------------------ greetings

    async def smtp_EHLO(self, hostname: str | None) -> None:  # noqa: N802
        """Say what we can do (RFC 5321, 4.1.1.1), in one write."""
        if not hostname:
            await self.complain(Occasion.BAD_ARGUMENT)
            return
        self._begin(hostname)
        lines = [self.station.hostname, *self._offers()]
        await self.push("\r\n".join([f"250-{one}" for one in lines[:-1]] + [f"250 {lines[-1]}"]))

    async def smtp_HELO(self, hostname: str | None) -> None:  # noqa: N802
        """Greet a peer that knows no extensions."""
        if not hostname:
            await self.complain(Occasion.BAD_ARGUMENT)
            return
        self._begin(hostname)
        await self.push(answers.say_as(Occasion.HELLO, self.station.hostname))

    async def smtp_LHLO(self, _arg: str | None) -> None:  # noqa: N802
        """Refuse what belongs to the other protocol (RFC 2033, 4.1)."""
        await self.complain(Occasion.LHLO_ONLY)

    def _begin(self, hostname: str) -> None:
        self._set_rset_state()  # type: ignore[no-untyped-call]
        self.session.host_name = hostname

    def _offers(self) -> list[str]:
        size = f"SIZE {self.limits.message_octets}"
        offers = [size, "8BITMIME", "SMTPUTF8", "PIPELINING", "ENHANCEDSTATUSCODES", "CHUNKING"]
        covered = self._tls_protocol is not None or self.covered
        return offers if covered or self.tls_context is None else [*offers, "STARTTLS"]

    async def smtp_STARTTLS(self, arg: str | None) -> None:  # noqa: N802
        """Begin TLS, once (RFC 3207, 4)."""
        if arg:
            await self.complain(Occasion.BAD_ARGUMENT)
        elif self._tls_protocol is not None or self.covered:
            await self.complain(Occasion.TLS_ALREADY)
        elif self.tls_context is None:
            await self.complain(Occasion.TLS_UNAVAILABLE)
        else:
            await super().smtp_STARTTLS("")

    # ------------------------------------------------------------------ the envelope

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        """Begin a mail."""
        wrong = self._out_of_order()
        if wrong is None and self.envelope.mail_from is not None:
            wrong = Occasion.MAIL_TWICE
        if wrong is not None:
            await self.complain(wrong)
            return
        match read_sender(arg, self.limits.message_octets):
            case Sender(path, smtputf8):
                self.envelope.mail_from, self.envelope.smtp_utf8 = path, smtputf8
                await self.push(answers.say(Occasion.SENDER_OK))
            case Reason() as reason:
                await self.push(answers.answer(Reject(reason)))
            case Occasion() as wrong:
                await self.complain(wrong)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        """Ask the handler about a recipient; guessing gets slow, and then ends."""
        wrong = self._out_of_order()
        if wrong is None and self.envelope.mail_from is None:
            wrong = Occasion.MAIL_FIRST
        if wrong is not None:
            await self.complain(wrong)
            return
        address = read_recipient(arg, smtputf8=self.envelope.smtp_utf8)
        if isinstance(address, Occasion):
            await self.complain(address)
            return
        self._recipients_asked += 1
        if self._recipients_asked > self.limits.recipients:
            await self.push(answers.say(Occasion.TOO_MANY_RECIPIENTS))
            return
        reply = await self.station.handler.rcpt(self._asked_with(), address)
        if reply.startswith("250"):
            self.envelope.rcpt_tos.append(address)
        elif reply.startswith("5") and not await self._endured():
            return
        await self.push(reply)

    @property
    def passes_on(self) -> bool:
        """Whether the peer is an MTA of the operator's: its wrong recipients are others' guesses.

        Whoever cuts it off, or slows it down, does so to all who deliver through it.
        """
        return self.doorman.trusts(self._peer)

    async def _endured(self) -> bool:
        """Count a wrong recipient and let the peer wait; False when it was one too many."""
        if self.passes_on:
            return True
        self._bad_recipients += 1
        await self.station.sleep(tarpit(self._bad_recipients, self.limits.tarpit_seconds))
        if self._bad_recipients < self.limits.bad_recipients:
            return True
        self.leave(answers.say(Occasion.TOO_MANY_BAD_RECIPIENTS))
        return False

    def _asked_with(self) -> Envelope:
        """Return the envelope a recipient is asked about with."""
        return self._offered()

    # ------------------------------------------------------------------ what does nothing

    async def smtp_RSET(self, _arg: str | None) -> None:  # noqa: N802
        """Forget the mail under way."""
        self._set_rset_state()  # type: ignore[no-untyped-call]
        await self.push(answers.say(Occasion.OK))

    async def smtp_NOOP(self, _arg: str | None) -> None:  # noqa: N802
        """Do nothing."""
        await self.push(answers.say(Occasion.OK))

    async def smtp_HELP(self, _arg: str | None) -> None:  # noqa: N802
        """Say where to read on."""
        await self.push(answers.say(Occasion.HELP))

    async def smtp_VRFY(self, _arg: str | None) -> None:  # noqa: N802
        """Tell nothing about who is here (RFC 5321, 7.3)."""
        await self.push(answers.say(Occasion.CANNOT_VERIFY))

    async def smtp_QUIT(self, _arg: str | None) -> None:  # noqa: N802
        """Say goodbye."""
        self.leave(answers.say(Occasion.GOODBYE))

    async def unknown(self, _arg: str | None) -> None:
        """Answer what is no command."""
        await self.complain(Occasion.UNKNOWN_COMMAND)

    async def not_offered(self, _arg: str | None) -> None:
        """Answer a command of RFC 5321 or of an extension that we do not offer."""
        await self.complain(Occasion.NOT_IMPLEMENTED)

    smtp_EXPN = smtp_AUTH = smtp_TURN = smtp_ETRN = not_offered  # type: ignore[assignment]  # noqa: N815
    smtp_SEND = smtp_SOML = smtp_SAML = not_offered  # noqa: N815

    async def web(self, _arg: str | None) -> None:
        """Hang up on a browser that was made to speak to us."""
        self.leave(answers.say(Occasion.NOT_A_WEB_SERVER))
