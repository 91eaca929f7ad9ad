"""The commands of SMTP (RFC 5321), each answered in the words of ``answers``.

The envelope is built here, and each recipient put to the handler: may they be written to? The
content is for ``data_commands``, coming and going that of ``connection``.
"""

from core.verdict import Reason, Reject
from gateway import answers
from gateway.answers.occasions import Occasion
from gateway.mail.envelope import Envelope
from gateway.smtp.arguments import MailArguments, read_recipient, read_sender
from gateway.smtp.data_commands import Transfer
from gateway.smtp.server_state import ServerState
from gateway.smtp.timeouts import tarpit


class SmtpSession(Transfer):
    """One peer's session."""

    def __init__(self, server: ServerState, peer: str = "") -> None:
        """Begin without a mail."""
        super().__init__(server, peer)
        self._bad_recipients = 0

    # ------------------------------------------------------------------ greetings

    async def do_ehlo(self, hostname: str | None) -> None:
        """Say what we can do (RFC 5321, 4.1.1.1), in one write."""
        if not hostname:
            await self.complain(Occasion.BAD_ARGUMENT)
            return
        self._begin(hostname)
        lines = [self.server.hostname, *self._offers()]
        await self.reply("\r\n".join([f"250-{one}" for one in lines[:-1]] + [f"250 {lines[-1]}"]))

    async def do_helo(self, hostname: str | None) -> None:
        """Greet a peer that knows no extensions."""
        if not hostname:
            await self.complain(Occasion.BAD_ARGUMENT)
            return
        self._begin(hostname)
        await self.reply(answers.say_as(Occasion.HELLO, self.server.hostname))

    async def do_lhlo(self, _arg: str | None) -> None:
        """Refuse what belongs to the other protocol (RFC 2033, 4.1)."""
        await self.complain(Occasion.LHLO_ONLY)

    def _begin(self, hostname: str) -> None:
        self.forget_mail()
        self.helo = hostname

    def _offers(self) -> list[str]:
        size = f"SIZE {self.limits.message_octets}"
        offers = [size, "8BITMIME", "SMTPUTF8", "PIPELINING", "ENHANCEDSTATUSCODES", "CHUNKING"]
        can_begin_tls = self.tls_context is not None and not self.covered
        return [*offers, "STARTTLS"] if can_begin_tls else offers

    async def do_starttls(self, arg: str | None) -> None:
        """Begin TLS, once (RFC 3207, 4)."""
        if arg:
            await self.complain(Occasion.BAD_ARGUMENT)
        elif self.covered:
            await self.complain(Occasion.TLS_ALREADY)
        elif self.tls_context is None:
            await self.complain(Occasion.TLS_UNAVAILABLE)
        else:
            # Not ``reply``: what comes next is no command but the handshake, which has a time of
            # its own, and counts as ours.
            await self.send(answers.say(Occasion.READY_FOR_TLS))
            await self.start_tls()

    # ------------------------------------------------------------------ the envelope

    async def do_mail(self, arg: str | None) -> None:
        """Begin a mail."""
        wrong = self._out_of_order()
        if wrong is None and self._mail.reverse_path is not None:
            wrong = Occasion.MAIL_TWICE
        if wrong is not None:
            await self.complain(wrong)
            return
        match read_sender(arg, self.limits.message_octets):
            case MailArguments(path, smtputf8):
                self._mail.reverse_path, self._mail.smtputf8 = path, smtputf8
                await self.reply(answers.say(Occasion.SENDER_OK))
            case Reason() as reason:
                await self.reply(answers.answer(Reject(reason)))
            case Occasion() as wrong:
                await self.complain(wrong)

    async def do_rcpt(self, arg: str | None) -> None:
        """Ask the handler about a recipient; guessing gets slow, and then ends."""
        wrong = self._out_of_order()
        if wrong is None and self._mail.reverse_path is None:
            wrong = Occasion.MAIL_FIRST
        if wrong is not None:
            await self.complain(wrong)
            return
        address = read_recipient(arg, smtputf8=self._mail.smtputf8)
        if isinstance(address, Occasion):
            await self.complain(address)
            return
        self._mail.asked += 1
        if self._mail.asked > self.limits.recipients:
            await self.reply(answers.say(Occasion.TOO_MANY_RECIPIENTS))
            return
        reply = await self.server.handler.rcpt(self._asked_with(), address)
        if reply.startswith("250"):
            self._mail.recipients.append(address)
        elif reply.startswith("5") and not await self._endured():
            return
        await self.reply(reply)

    @property
    def passes_on(self) -> bool:
        """Whether the peer is an MTA of the operator's: its wrong recipients are others' guesses.

        Whoever cuts it off, or slows it down, does so to all who deliver through it.
        """
        return self.connection_limits.trusts(self._peer)

    async def _endured(self) -> bool:
        """Count a wrong recipient and let the peer wait; False when it was one too many."""
        if self.passes_on:
            return True
        self._bad_recipients += 1
        await self.server.sleep(tarpit(self._bad_recipients, self.limits.tarpit_seconds))
        if self._bad_recipients < self.limits.bad_recipients:
            return True
        self.hang_up(answers.say(Occasion.TOO_MANY_BAD_RECIPIENTS))
        return False

    def _asked_with(self) -> Envelope:
        """Return the envelope a recipient is asked about with."""
        return self._offered()

    # ------------------------------------------------------------------ what does nothing

    async def do_rset(self, _arg: str | None) -> None:
        """Forget the mail under way."""
        self.forget_mail()
        await self.reply(answers.say(Occasion.OK))

    async def do_noop(self, _arg: str | None) -> None:
        """Do nothing."""
        await self.reply(answers.say(Occasion.OK))

    async def do_help(self, _arg: str | None) -> None:
        """Say where to read on."""
        await self.reply(answers.say(Occasion.HELP))

    async def do_vrfy(self, _arg: str | None) -> None:
        """Tell nothing about who is here (RFC 5321, 7.3)."""
        await self.reply(answers.say(Occasion.CANNOT_VERIFY))

    async def do_quit(self, _arg: str | None) -> None:
        """Say goodbye."""
        self.hang_up(answers.say(Occasion.GOODBYE))

    async def unknown(self, _arg: str | None) -> None:
        """Answer what is no command."""
        await self.complain(Occasion.UNKNOWN_COMMAND)

    async def not_offered(self, _arg: str | None) -> None:
        """Answer a command of RFC 5321 or of an extension that we do not offer."""
        await self.complain(Occasion.NOT_IMPLEMENTED)

    do_expn = do_auth = do_turn = do_etrn = do_send = do_soml = do_saml = not_offered

    async def web(self, _arg: str | None) -> None:
        """Hang up on a browser that was made to speak to us."""
        self.hang_up(answers.say(Occasion.NOT_A_WEB_SERVER))
