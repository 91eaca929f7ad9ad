"""The content of a mail: taken by DATA or in chunks by BDAT, and answered when it is whole.

It is read in bulk by ``data_reader``; what may not be in it is refused after its end, where the
peer listens. The handler decides what becomes of it; the transaction ends whatever that says.
"""

from core.memory_budget import HeldOctets
from core.verdict import Reason, Reject
from gateway import answers
from gateway.answers.occasions import Occasion
from gateway.mail.envelope import Envelope
from gateway.smtp.arguments import Chunk, read_chunk
from gateway.smtp.bdat_content import Chunks
from gateway.smtp.connection import Connection
from gateway.smtp.data_reader import DataReader
from gateway.smtp.dot_content import Content
from gateway.smtp.mail_transaction import MailTransaction
from gateway.smtp.server_state import ServerState


class Transfer(Connection):
    """A connection that can take contents."""

    def __init__(self, server: ServerState, peer: str = "") -> None:
        """Begin without a mail."""
        super().__init__(server, peer)
        self._mail = MailTransaction()

    async def do_data(self, arg: str | None) -> None:
        """Read the content and ask the handler about it."""
        wrong = self._out_of_order()
        if wrong is None and not self._mail.recipients:
            wrong = Occasion.RECIPIENT_FIRST
        if wrong is None and arg:
            wrong = Occasion.BAD_ARGUMENT
        if wrong is not None:
            await self.complain(wrong)
            return
        await self.reply(answers.say(Occasion.GO_AHEAD))
        content = Content(self.limits.message_octets, self.limits.line_octets)
        self._mail.reader = reader = self._new_reader()
        if await reader.to_end(content):
            await self._answer(content, spilled=reader.spilled)
        else:
            self.hang_up(answers.answer(Reject(Reason.TOO_BIG)))

    async def do_bdat(self, arg: str | None) -> None:
        """Read a chunk, and ask the handler after the last (RFC 3030, 2).

        A chunk is read whatever is wrong, because it is on its way already. Where its length
        cannot be told, what follows cannot be told from commands: the line is cut.
        """
        chunk = read_chunk(arg)
        if chunk is None:
            self.hang_up(answers.say(Occasion.BAD_ARGUMENT))
            return
        chunks = self._mail.chunks or Chunks(self.limits.message_octets, self.limits.line_octets)
        self._mail.reader = reader = self._mail.reader or self._new_reader()
        wrong = self._wrong_with_chunk(chunks)
        chunks.failed = chunks.failed or wrong is not None
        if not await reader.chunk(chunks, chunk.octets):
            self.hang_up(answers.answer(Reject(Reason.TOO_BIG)))
        elif wrong is not None:
            self._end_or_keep(chunks if self._mail.recipients else None, chunk)
            await self.reply(answers.say(wrong))
        else:
            await self._take(chunks, chunk, reader)

    async def _take(self, chunks: Chunks, chunk: Chunk, reader: DataReader) -> None:
        """Answer a chunk that came in the right order."""
        if chunk.last:
            await self._answer(chunks, spilled=reader.spilled)
            return
        self._mail.chunks = chunks
        if chunks.too_big:
            chunks.failed = True
            await self.reply(self._too_much(spilled=reader.spilled))
            return
        if not chunk.octets:  # or chunks of nothing would prolong a session for ever
            self._idle_commands += 1
            if self._idle_commands > self.limits.idle_commands:
                self.hang_up(answers.say(Occasion.TOO_MANY_IDLE_COMMANDS))
                return
        await self.reply(answers.say(Occasion.CHUNK_OK))

    def _wrong_with_chunk(self, chunks: Chunks) -> Occasion | None:
        if not self.helo:
            return Occasion.HELLO_FIRST
        if not self._mail.recipients:
            return Occasion.RECIPIENT_FIRST
        return Occasion.CHUNKS_BEGUN if chunks.failed else None

    def _end_or_keep(self, chunks: Chunks | None, chunk: Chunk) -> None:
        """After a chunk that failed: the last one ends the mail, and so does having none."""
        if chunk.last or chunks is None:
            self.forget_mail()
        else:
            self._mail.chunks = chunks

    def _new_reader(self) -> DataReader:
        return DataReader(
            self.reader, self.timeouts, HeldOctets(self.server.memory), self.loop.time
        )

    async def _answer(self, content: Content, *, spilled: bool) -> None:
        """Ask the handler about a whole content; the transaction ends whatever it says."""
        self._idle_commands = 0
        self._answering = True  # from here on a line that is lost cancels nothing: see ``lost``
        try:
            if content.too_big:
                reply = self._too_much(spilled=spilled)
            elif (reason := content.refusal()) is not None:
                reply = answers.answer(Reject(reason))
            else:
                reply = ""
            reply = await self._replies(reply, content)
        finally:
            self._answering = False
            self.forget_mail()
        if not self._finishing:
            await self.reply(reply)

    async def _replies(self, refusal: str, content: Content) -> str:
        """Return the reply to the content: the refusal if there is one, else the handler's."""
        return refusal or await self.server.handler.data(self._offered(), content.octets)

    def _too_much(self, *, spilled: bool) -> str:
        if spilled:
            return answers.say(Occasion.MEMORY_FULL)
        return answers.answer(Reject(Reason.TOO_BIG))

    def forget_mail(self) -> None:
        """Forget the mail under way, and what was held of it."""
        self._mail.let_go()
        self._mail = MailTransaction()

    def _offered(self) -> Envelope:
        return Envelope(
            reverse_path=self._mail.reverse_path or "",
            recipients=tuple(self._mail.recipients),
            peer=self._peer,
            helo=self.helo[:255],
            tls=self.covered,
            smtputf8=self._mail.smtputf8,
        )

    def _out_of_order(self) -> Occasion | None:
        """Return what MAIL, RCPT and DATA have in common to be too early or too late for."""
        if not self.helo:
            return Occasion.HELLO_FIRST
        return Occasion.CHUNKS_BEGUN if self._mail.chunks is not None else None
