"""One peer's connection, from its coming to its going: a line inside limits of our own.

``aiosmtpd_adapter`` holds the line and turns it to TLS; who is let in, the loop that reads
commands, and every limit are here:

- who talks before the greeting is told so and hung up on (RFC 5321, 3.1 and 4.3.1);
- the time a peer takes is watched by ``Timeouts``; useless and wrong commands are counted;
- an exception is 451 with a reference, never 5xx and never its own text on the wire (law 5);
- a last word is followed by a half-close, so that the peer reads it before the line is gone.
"""

import asyncio
import secrets
from abc import abstractmethod

from core.observe import Event, logger
from core.verdict import Defer, Reason
from gateway import answers
from gateway.answers.occasions import Occasion
from gateway.capacity.connection_limits import ConnectionLimits, NoPlace
from gateway.smtp.aiosmtpd_adapter import SmtpProtocol, has_octets
from gateway.smtp.arguments import read_line
from gateway.smtp.command_table import Command, CommandTable
from gateway.smtp.server_state import ServerState
from gateway.smtp.timeouts import Timeouts


class Connection(SmtpProtocol):
    """A connection, its limits and its loop; the commands are the subclass's."""

    def __init__(self, server: ServerState, peer: str = "") -> None:
        """Be ready for a peer, whose address is given where a proxy stands before it."""
        limits, certificates = server.limits, server.certificates
        # The context is taken now, not at STARTTLS: a certificate renewed meanwhile is the next
        # connection's.
        tls = certificates.context() if certificates else None
        super().__init__(server.template, limits.command_octets, tls)
        self.server, self.limits = server, limits
        self.connection_limits = server.connection_limits
        now = self.loop.time()
        self.timeouts = Timeouts(limits, now, now)
        self.helo = ""
        self._commands = CommandTable(self)
        self._peer = peer
        self._idle_commands = self._bad_commands = 0
        self._answering = self._finishing = False

    @abstractmethod
    def forget_mail(self) -> None:
        """Forget the mail under way, and what is held of it."""

    @abstractmethod
    async def unknown(self, _arg: str | None) -> None:
        """Answer what is no command."""

    @abstractmethod
    async def web(self, _arg: str | None) -> None:
        """Answer a browser that was made to speak to us."""

    # ------------------------------------------------------------------ coming and going

    def enters(self, address: str | None, descriptor: int) -> str | None:
        """Let the peer in and return None, or return what to tell it."""
        self._peer = self._peer or address or "local"
        if not self.server.has_descriptors(descriptor):
            return answers.say(Occasion.TOO_MANY_SESSIONS)
        refusal = self.connection_limits.enter(self._peer, self)
        if refusal is None:
            return None
        logger().info(Event.SESSION_REFUSED, peer=ConnectionLimits.network_of(self._peer))
        return refusal_told(refusal)

    def begins(self) -> None:
        """Know nothing of the peer: at first, and again under TLS (RFC 3207, 4.2)."""
        self.helo = ""
        self.forget_mail()

    def lost(self) -> bool:
        """Let the peer go; False while we answer a mail of its, which is finished first.

        Its octets are held meanwhile, and counted, and whoever offers it again hears that it is
        known.
        """
        if self._answering:
            self._finishing = True
            return False
        self._let_go()
        return True

    def ended(self) -> None:
        """Let a peer go whose mail was answered when it had gone."""
        if self._finishing:
            self._let_go()

    def _let_go(self) -> None:
        self.forget_mail()
        self.connection_limits.leave(self._peer, self)

    def hurry(self) -> None:
        """Leave: at once, or after the answer to the mail under way (RFC 5321, 3.8)."""
        if self._is_idle():
            self._cut(answers.answer(Defer(Reason.SHUTTING_DOWN)), linger=False)

    def make_room(self) -> None:
        """Leave, because the place is needed and the peer only sits in it."""
        self._cut(answers.say(Occasion.MADE_ROOM), linger=False)
        # The line is lost only in a later round of the loop; the place is asked for in this one.
        self.connection_limits.leave(self._peer, self)

    def silence(self) -> float:
        """Return for how many seconds the peer has said nothing, while it could."""
        return self.loop.time() - self.timeouts.heard if self._is_idle() and not self.left else 0.0

    def _is_idle(self) -> bool:
        """Whether the peer is waited for, and outside a content."""
        return self.timeouts.waiting and self.timeouts.content_began is None

    def _cut(self, words: str, *, linger: bool) -> None:
        """Leave from outside the dialogue, which waits for the peer."""
        self.hang_up(words, linger=linger)
        self.stop_conversing()

    def next_look(self) -> float:
        """Return in how many seconds to look at the time again."""
        return self.timeouts.next_look()

    def is_over(self) -> bool:
        """Tell whether the peer's time is up, and if so hang up."""
        occasion = self.timeouts.ends(self.loop.time())
        if occasion is None:
            return False
        network = ConnectionLimits.network_of(self._peer)
        logger().info(Event.SESSION_CUT, peer=network, why=str(occasion))
        self._cut(answers.say(occasion), linger=True)
        return True

    # ------------------------------------------------------------------ the dialogue

    async def converse(self) -> None:
        """Greet the peer and obey it, until one of us has had enough."""
        if await self._greet():
            while not self.left:
                await self._obey(await self._next_line())

    async def _greet(self) -> bool:
        """Say who we are, unless the peer could not wait for it."""
        await asyncio.sleep(0)  # what came along with the connection is in the buffer after this
        if self.limits.greeting_seconds and not self.connection_limits.trusts(self._peer):
            await self.server.sleep(self.limits.greeting_seconds)
        if has_octets(self.reader):
            logger().info(Event.SESSION_REFUSED, peer=ConnectionLimits.network_of(self._peer))
            self.hang_up(answers.say(Occasion.EARLY_TALKER))
            return False
        await self.reply(answers.say_as(Occasion.GREETING, self.server.hostname))
        return True

    async def _next_line(self) -> bytes | None:
        """Return the next command with its line's end; None if it was too long."""
        if not self.timeouts.waiting:  # a handshake ends without a reply
            self.timeouts.wait(self.loop.time())
        try:
            return await self.reader.readuntil()
        except asyncio.LimitOverrunError as error:
            await self._skip(error.consumed)
            return None
        finally:
            self.timeouts.waiting = False

    async def _skip(self, consumed: int) -> None:
        """Read on to the end of a line, keeping nothing of it.

        ``heard`` stays as it was: a line without an end is silence, however fast it comes.
        """
        while True:
            # As much as was looked at and no more: behind it may stand the end of the line.
            await self.reader.read(consumed)
            try:
                await self.reader.readuntil()
            except asyncio.LimitOverrunError as error:
                consumed = error.consumed
            else:
                return

    async def _obey(self, line: bytes | None) -> None:
        """Do what a line asks for, whatever comes of it."""
        read = Occasion.COMMAND_TOO_LONG if line is None else read_line(line)
        if isinstance(read, Occasion):
            await self.complain(read)
            return
        verb, _, argument = read.partition(" ")
        try:
            await self._commands.get(verb.upper())(argument.strip() or None)
        except (ConnectionError, asyncio.IncompleteReadError):
            raise  # the line's fault, not ours: a failed handshake is one too
        except Exception as error:  # noqa: BLE001  the last line of defence
            await self.reply(self.temporary(error))
        if self.connection_limits.closing:
            self.hang_up(answers.answer(Defer(Reason.SHUTTING_DOWN)), linger=False)

    async def reply(self, text: str) -> None:
        """Send a reply; then the peer is waited for."""
        if self.left:
            return
        # Before the drain: who takes no replies is waited for as long as who says nothing.
        self.timeouts.wait(self.loop.time())
        await self.send(text)

    def temporary(self, error: Exception) -> str:
        """Turn a bug of ours into a temporary refusal with a reference (law 5)."""
        reference = secrets.token_hex(4)
        logger().error(Event.MAIL_FAILED, reference=reference, exc_info=error)
        return answers.answer(Defer(Reason.INTERNAL_ERROR), reference=reference)

    # ------------------------------------------------------------------ counting

    async def complain(self, occasion: Occasion) -> None:
        """Say what is wrong with a command (RFC 5321, 4.2.4), a few times."""
        self._bad_commands += 1
        if self._bad_commands >= self.limits.bad_commands:
            self.hang_up(answers.say(Occasion.TOO_MANY_BAD_COMMANDS))
        else:
            await self.reply(answers.say(occasion))

    def counted(self, command: Command) -> Command:
        """Return a command that does nothing for the mail, unless there were too many of these."""
        self._idle_commands += 1
        return self._too_many if self._idle_commands > self.limits.idle_commands else command

    async def _too_many(self, _arg: str | None) -> None:
        self.hang_up(answers.say(Occasion.TOO_MANY_IDLE_COMMANDS))


def refusal_told(refusal: NoPlace) -> str:
    """Return what a peer is told that is not let in."""
    match refusal:
        case NoPlace.CLOSING:
            return answers.answer(Defer(Reason.SHUTTING_DOWN))
        case NoPlace.TOO_MANY:
            return answers.say(Occasion.TOO_MANY_SESSIONS)
        case NoPlace.TOO_MANY_FROM_NETWORK:
            return answers.say(Occasion.TOO_MANY_FROM_NETWORK)
