"""The attacks on the HTTP port: connections that are held, bodies that are all work."""

import asyncio
import json
from collections import Counter

from siege import Attack, Target, together

_SECONDS = 8.0


async def _answer(target: Target, number: int, said: bytes, more: bytes = b"") -> str:
    """Say something from some network, and more of it each second; return what was answered."""
    home = (f"127.2.{number % 40}.{1 + number % 250}", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", target.http, local_addr=home)
    ends = asyncio.get_running_loop().time() + _SECONDS
    try:
        writer.write(said)
        while asyncio.get_running_loop().time() < ends:
            try:
                line = await asyncio.wait_for(reader.readline(), 1)
            except TimeoutError:
                writer.write(more)
                continue
            return line.decode("ascii", "replace")[9:12] or "cut"
        return "held"
    finally:
        writer.transport.abort()


def held(many: int, *said: bytes, more: bytes = b"") -> Attack:
    """Return an attack by so many connections, which say these things in turn."""

    async def attack(target: Target) -> Counter[str]:
        return await together(
            _answer(target, number, said[number % len(said)], more) for number in range(many)
        )

    return attack


def sent(many: int, path: str, kind: str, body: bytes) -> Attack:
    """Return an attack by so many bodies at once, each with the app's key."""

    async def attack(target: Target) -> Counter[str]:
        to = path.format(target.addresses[0].replace("+", "%2B"))
        head = (
            f"POST /v1/bench/{to} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\n"
            f"Authorization: Bearer {target.secret}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return await together(_answer(target, one, head.encode() + body) for one in range(many))

    return attack


_FORM = b"POST /u/x HTTP/1.1\r\nHost: x\r\n"
_CHUNKS = _FORM + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 200_000
_LETTER = (
    b"From: bo@example.net\r\nMessage-ID: <1@siege>\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nYes.\r\n--b\r\n"
    b"Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n"
)
_LETTERS = b"From: bo@example.net\r\nMessage-ID: <2@siege>\r\n\r\n"
_TREE = json.dumps([{"type": "SystemMessage", "text": "x", "y": [0] * 19_000}]).encode()
_VALUES = json.dumps([[]] * 9_000, separators=(",", ":")).encode()

HTTP_ATTACKS: dict[str, Attack] = {
    "1,000 HTTP connections": held(1_000, b"", _FORM + b"Content-Le"),
    "1,000 HTTP heads in drops": held(1_000, b"GET / HTTP/1.1\r\nX: ", more=b"x"),
    "1,000 HTTP bodies in drops": held(1_000, _FORM + b"Content-Length: 9000\r\n\r\n", more=b"x"),
    "200,000 chunks, twenty at once": held(20, _CHUNKS),
    "24 MB by HTTP, twelve at once": sent(
        12, "mail?recipient={}", "message/rfc822", _LETTER + (b"x" * 72 + b"\r\n") * 320_000
    ),
    "24 MB of letters by HTTP, twelve at once": sent(
        12, "mail?recipient={}", "message/rfc822", _LETTERS + (b"x" * 70 + b"\r\n") * 340_000
    ),
    "9,000 wrong values, forty at once": sent(
        40, "conversations/c1/messages", "application/json", _VALUES
    ),
    "19,000 values, forty at once": sent(
        40, "conversations/c1/messages", "application/json", _TREE
    ),
}
