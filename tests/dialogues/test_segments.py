"""Wherever TCP cuts a correct conversation, it is understood the same."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from core.store import messages
from core.store.database import Session
from tests.dialogues.runner import Line
from tests.dialogues.servers import Scene, Stage, a_stage
from tests.support.people import APP

pytestmark = pytest.mark.asyncio(loop_scope="module")

_HELLO = b"EHLO mail.example.net\r\n"
_ENVELOPE = b"MAIL FROM:<bo@example.net>\r\nRCPT TO:<%s>\r\nDATA\r\n"
_CONTENT = b"From: Bo <bo@example.net>\r\nMessage-ID: <%s>\r\n\r\nYes.\r\n..\r\n..end\r\n.\r\n"
_SAID = "Yes.\n.\n.end"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """Open one stage for all tests."""
    async with a_stage(tmp_path_factory.mktemp("stage")) as opened:
        yield opened


async def _cut(line: Line, octets: bytes, at: int) -> None:
    """Write octets in two segments."""
    await line.say(octets[:at])
    await line.say(octets[at:])


async def _heard(line: Line, answers: int) -> str:
    """Return the codes of so many answers."""
    return " ".join([(await line.hear())[:3] for _ in range(answers)])


def _said(session: Session, scene: Scene) -> list[str | None]:
    found = messages.page(session, APP, scene.room, 999, None)
    return [one.text for one in found if one.origin == "email"]


async def test_what_is_said_in_pieces_arrives_in_pieces() -> None:
    """The tests' own promise: each piece is a read of its own on the other side."""
    came: list[bytes] = []

    class Ear(asyncio.Protocol):
        def data_received(self, data: bytes) -> None:
            came.append(data)

    server = await asyncio.get_running_loop().create_server(Ear, "127.0.0.1", 0)
    line = await Line.to(server.sockets[0].getsockname()[1])
    line.piece = 2

    await line.say(b"one\r\n.\r\n")
    await line.close()
    server.close()

    assert came == [b"on", b"e\r", b"\n.", b"\r\n"]


@pytest.mark.parametrize("at", range(1, len(_CONTENT % b"000@x")))
async def test_a_content_cut_anywhere(stage: Stage, at: int) -> None:
    """CR and LF, the dot and its line's end may come apart: one mail, the same words."""
    scene = await stage.scene(f"content-{at}")
    line = await Line.to(stage.ports["usual"])
    await line.hear()
    await line.say(_HELLO)
    await line.hear()
    await line.say(_ENVELOPE % scene.addresses["reply"].encode())
    assert await _heard(line, 3) == "250 250 354"

    await _cut(line, _CONTENT % b"%03d@x" % at, at)

    assert await _heard(line, 1) == "250"
    await line.say(b"QUIT\r\n")
    assert await _heard(line, 1) == "221"
    await line.dropped()
    assert await stage.database.read(lambda s: _said(s, scene)) == [_SAID]


async def test_an_envelope_cut_anywhere(stage: Stage) -> None:
    """At every octet of a pipelined MAIL, RCPT and DATA, on one connection after another."""
    scene = await stage.scene("envelope")
    envelope = _ENVELOPE % scene.addresses["reply"].encode()
    heard = set()
    for at in range(1, len(envelope)):
        line = await Line.to(stage.ports["usual"])
        await line.hear()
        await _cut(line, _HELLO, 1 + at % (len(_HELLO) - 1))
        hello = (await line.hear())[:3]
        await _cut(line, envelope, at)
        heard.add((hello, await _heard(line, 3)))
        await line.say(_CONTENT % b"%03d@x" % at)
        heard.add((hello, await _heard(line, 1)))
        await line.close()
    said = await stage.database.read(lambda s: _said(s, scene))

    assert heard == {("250", "250 250 354"), ("250", "250")}
    assert said == [_SAID] * (len(envelope) - 1)
