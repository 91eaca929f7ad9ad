"""Plays a script against a listener, over a real socket, and holds each answer to it."""

import asyncio
import re
import socket
import ssl
import struct

from tests.dialogues.script import Script, Step, Verb

_PATIENCE = 5.0
_TURNS = 2  # of the loop: in the first the listener's socket is found readable, then it is read


class Line:
    """One connection to a listener, as the client of a script has it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak on a connection."""
        self._reader, self._writer = reader, writer
        self.piece = 0
        self.is_open = True

    @classmethod
    async def to(cls, port: int) -> "Line":
        """Connect, without Nagle's algorithm: what is written leaves at once."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return cls(reader, writer)

    async def say(self, octets: bytes) -> None:
        """Write octets, in pieces if so told: the listener gets a turn after each of them."""
        piece = self.piece or len(octets)
        for start in range(0, len(octets), piece):
            self._writer.write(octets[start : start + piece])
            await self._writer.drain()
            for _ in range(_TURNS):
                await asyncio.sleep(0)

    async def hear(self) -> str:
        """Return one whole answer, its lines joined by newlines; empty if the line is dead."""
        lines: list[str] = []
        async with asyncio.timeout(_PATIENCE):
            while line := (await self._reader.readline()).decode():
                assert line.endswith("\r\n"), f"an answer's line must end in CR LF: {line!r}"
                lines.append(line[:-2])
                if line[3:4] != "-":
                    break
        return "\n".join(lines)

    async def dropped(self) -> None:
        """See the server hang up, and say nothing more."""
        async with asyncio.timeout(_PATIENCE):
            try:
                rest = await self._reader.read()
            except ConnectionResetError:  # it had stopped listening while we spoke
                rest = b""
        assert rest == b"", f"more was said than was due: {rest!r}"
        await self.close()

    async def secure(self) -> None:
        """Begin TLS, trusting whoever it is."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        async with asyncio.timeout(_PATIENCE):
            await self._writer.start_tls(context)

    async def hang_up(self) -> None:
        """Say no more, and wait until the server has gone, whatever it still says."""
        self._writer.write_eof()
        async with asyncio.timeout(_PATIENCE):
            await self._reader.read()
        await self.close()

    async def reset(self) -> None:
        """Vanish: RST instead of FIN."""
        line = self._writer.get_extra_info("socket")
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()
        self.is_open = False

    async def close(self) -> None:
        """Let go of the socket."""
        self._writer.close()
        self.is_open = False


async def play(script: Script, port: int) -> None:
    """Play a script to its end; raise AssertionError where the server leaves it."""
    line = await Line.to(port)
    try:
        for step in script.steps:
            if step.verb is Verb.CONNECT:
                await _quit(line)
                line = await Line.to(port)
            else:
                await _do(line, step)
        await _quit(line)
    finally:
        await line.close()


async def _quit(line: Line) -> None:
    """End a connection that is open: nothing is left to be said but goodbye."""
    if line.is_open:
        line.piece = 0
        await line.say(b"QUIT\r\n")
        heard = await line.hear()
        assert heard.startswith("221 "), f"at the end: expected goodbye, heard {heard!r}"
        await line.dropped()


async def _do(line: Line, step: Step) -> None:
    """Do one step."""
    match step.verb:
        case Verb.SAY:
            await line.say(step.octets)
        case Verb.HEAR:
            heard = await line.hear()
            assert re.match(step.text, heard), (
                f"line {step.line}: expected {step.text!r}, heard {heard!r}"
            )
        case Verb.SPLIT:
            line.piece = int(step.text)
        case Verb.TLS:
            await line.secure()
        case Verb.HANG_UP:
            await line.hang_up()
        case Verb.RESET:
            await line.reset()
        case _:
            await line.dropped()
