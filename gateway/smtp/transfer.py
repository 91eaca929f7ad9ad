"""The content of a mail: taken by DATA or in chunks by BDAT, and answered when it is whole.

It is read in bulk by ``intake``; what may not be in it is refused after its end, where the peer
listens. The handler decides what becomes of it; the transaction ends whatever that says.
"""

from core.verdict import Reason, Reject
from gateway import answers
from gateway.answers.occasions import Occasion
from gateway.mail.envelope import Envelope
from gateway.smtp.arguments import Chunk, read_chunk
from gateway.smtp.chunks import Chunks
from gateway.smtp.data import Content
from gateway.smtp.data_reader import Intake
from gateway.smtp.server_state import Station
from gateway.smtp.connection import Visit


class Transfer(Visit):
    """A visit that can take contents."""

    def __init__(self, station: Station, peer: str = "") -> None:
        """Begin without a mail."""
        super().__init__(station, peer)
        self._recipients_asked = 0
        self._intake: Intake | None = None
        self._chunks: Chunks | None = None

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802
        """Read the content and ask the handler about it."""
        wrong = self._out_of_order()
        if wrong is None and not self.envelope.rcpt_tos:
            wrong = Occasion.RECIPIENT_FIRST
        if wrong is None and arg:
            wrong = Occasion.BAD_ARGUMENT
        if wrong is not None:
            await self.complain(wrong)
            return
        await self.push(answers.say(Occasion.GO_AHEAD))
        content = Content(self.limits.message_octets, self.limits.line_octets)
        self._intake = intake = self._new_intake()
        if await intake.to_end(content):
            await self._answer(content, spilled=intake.spilled)
        else:
            self.leave(answers.answer(Reject(Reason.TOO_BIG)))

    async def smtp_BDAT(self, arg: str | None) -> None:  # noqa: N802
        """Read a chunk, and ask the handler after the last (RFC 3030, 2).

        A chunk is read whatever is wrong, because it is on its way already. Where its length
        cannot be told, what follows cannot be told from commands: the line is cut.
        """
        chunk = read_chunk(arg)
        if chunk is None:
            self.leave(answers.say(Occasion.BAD_ARGUMENT))
            return
        chunks = self._chunks or Chunks(self.limits.message_octets, self.limits.line_octets)
        self._intake = intake = self._intake or self._new_intake()
        wrong = self._wrong_with_chunk(chunks)
        chunks.failed = chunks.failed or wrong is not None
        if not await intake.chunk(chunks, chunk.octets):
            self.leave(answers.answer(Reject(Reason.TOO_BIG)))
        elif wrong is not None:
            self._end_or_keep(chunks if self.envelope.rcpt_tos else None, chunk)
            await self.push(answers.say(wrong))
        else:
            await self._take(chunks, chunk, intake)

    async def _take(self, chunks: Chunks, chunk: Chunk, intake: Intake) -> None:
        """Answer a chunk that came in the right order."""
        if chunk.last:
            await self._answer(chunks, spilled=intake.spilled)
            return
        self._chunks = chunks
        if chunks.too_big:
            chunks.failed = True
            await self.push(self._too_much(spilled=intake.spilled))
            return
        if not chunk.octets:
            self._idle_commands += 1
            if self._idle_commands > self.limits.idle_commands:
                self.leave(answers.say(Occasion.TOO_MANY_IDLE_COMMANDS))
                return
        await self.push(answers.say(Occasion.CHUNK_OK))

    def _wrong_with_chunk(self, chunks: Chunks) -> Occasion | None:
        if not self.session.host_name:
            return Occasion.HELLO_FIRST
        if not self.envelope.rcpt_tos:
            return Occasion.RECIPIENT_FIRST
        return Occasion.CHUNKS_BEGUN if chunks.failed else None

    def _end_or_keep(self, chunks: Chunks | None, chunk: Chunk) -> None:
        """After a chunk that failed: the last one ends the mail, and so does having none."""
        if chunk.last or chunks is None:
            self._set_rset_state()  # type: ignore[no-untyped-call]
        else:
            self._chunks = chunks

    def _new_intake(self) -> Intake:
        return Intake(self._reader, self.patience, self.doorman, self.loop.time)

    async def _answer(self, content: Content, *, spilled: bool) -> None:
        """Ask the handler about a whole content; the transaction ends whatever it says."""
        self._idle_commands = 0
        self._answering = True
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
            self._set_rset_state()  # type: ignore[no-untyped-call]
        if not self._finishing:
            await self.push(reply)

    async def _replies(self, refusal: str, content: Content) -> str:
        """Return the reply to the content: the refusal if there is one, else the handler's."""
        return refusal or await self.station.handler.data(self._offered(), content.octets)

    def _too_much(self, *, spilled: bool) -> str:
        if spilled:
            return answers.say(Occasion.MEMORY_FULL)
        return answers.answer(Reject(Reason.TOO_BIG))

    def _set_post_data_state(self) -> None:
        """Forget the mail under way, and what was held of it."""
        super()._set_post_data_state()  # type: ignore[no-untyped-call]
        if self._intake is not None:
            self._intake.let_go()
        self._intake = self._chunks = None
        self._recipients_asked = 0

    def _offered(self) -> Envelope:
        return Envelope(
            reverse_path=self.envelope.mail_from or "",
            recipients=tuple(self.envelope.rcpt_tos),
            peer=self._peer,
            helo=(self.session.host_name or "")[:255],
            tls=self._tls_protocol is not None or self.covered,
            smtputf8=bool(self.envelope.smtp_utf8),
        )

    def _out_of_order(self) -> Occasion | None:
        """Return what MAIL, RCPT and DATA have in common to be too early or too late for."""
        if not self.session.host_name:
            return Occasion.HELLO_FIRST
        return Occasion.CHUNKS_BEGUN if self._chunks is not None else None
