"""What does a mail say that a process has died of? Read in a process of its own, within limits.

A mail that was set aside unread may crash its reader, or eat all memory or time there is. So it is
read by a child that holds nothing: no database, no keys. It gets the octets and what we had sent
on its standard input, and answers in JSON, in which nothing can be hidden that acts. What becomes
of the child, its parent lives.
"""

import asyncio
import base64
import json
import resource
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core.errors import InvalidRequest
from gateway.mail import guard
from gateway.mail.attachments import FileLimits, FilePart
from gateway.mail.content.forms import form_of
from gateway.mail.parse import parse
from gateway.quote.bench import sent_from
from gateway.quote.cutmap import Cut, Rule
from gateway.quote.extraction import Fallback, Reply, ReplyKind
from gateway.reading import read

_HOME = Path(__file__).resolve().parents[1]
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a child may take: seconds of a processor, octets of memory."""

    seconds: int = 30
    octets: int = 1 << 30


@dataclass(frozen=True, slots=True)
class Apart:
    """What a mail says, as far as it was read by somebody else. ``text`` is without secrets."""

    author: str
    reply: Reply
    text: str
    files: tuple[FilePart, ...]
    too_much: str


async def read_apart(
    raw: bytes,
    sent: Sequence[dict[str, Any]],
    limits: FileLimits,
    bounds: Bounds = Bounds(),
) -> Apart:
    """Read a mail in a child process. Raise InvalidRequest if it cannot be, and say why."""
    asked = {"sent": list(sent), "limits": asdict(limits), "bounds": asdict(bounds)}
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway.isolation.in_child", cwd=_HOME,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(_SECONDS):
            told, _ = await child.communicate(json.dumps(asked).encode() + b"\n" + raw)
    except TimeoutError:
        raise _failed(f"reading it takes longer than {_SECONDS} seconds") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        raise _failed(f"reading it ends the process ({child.returncode})")
    return _heard(json.loads(told))


def _failed(why: str) -> InvalidRequest:
    return InvalidRequest(f"This mail cannot be read: {why}.", code="READING_FAILED")


def _heard(told: dict[str, Any]) -> Apart:
    """Return what the child said as what it means."""
    if "refused" in told:
        raise _failed(str(told["refused"]))
    cuts = tuple(
        Cut(text, bool(kept), Rule(rule), reason) for text, kept, rule, reason in told["cuts"]
    )
    reply = Reply(
        text=str(told["reply"]),
        kind=ReplyKind(told["kind"]),
        confidence=float(told["confidence"]),
        cuts=cuts,
        source=str(told["source"]),
        fallback=Fallback(told["fallback"]),
    )
    files = tuple(
        FilePart(str(name), str(kind), base64.b64decode(octets))
        for name, kind, octets in told["files"]
    )
    return Apart(str(told["author"]), reply, str(told["text"]), files, str(told["too_much"]))


def _told(raw: bytes, sent: Sequence[dict[str, Any]], limits: FileLimits) -> dict[str, Any]:
    """Read a mail, and return what is told of it: the child's work."""
    problem = guard.inspect(raw)
    if problem is not None:
        return {"refused": problem.what}
    said = read(form_of(parse(raw)).mail, [sent_from(one) for one in sent], limits)
    reply = said.reply
    return {
        "author": said.mail.author or ", ".join(said.mail.authors),
        "reply": reply.text,
        "text": said.text,
        "kind": reply.kind,
        "confidence": reply.confidence,
        "source": reply.source,
        "fallback": reply.fallback,
        "cuts": [list(cut) for cut in reply.cuts],
        "files": [
            (one.filename, one.content_type, base64.b64encode(one.octets).decode())
            for one in said.gathered.files
        ],
        "too_much": said.gathered.too_much,
    }


def _keep_to(bounds: Bounds) -> None:
    """Take no more than that, and leave no core behind. Not every system has all limits."""
    for kind, most in (
        (resource.RLIMIT_CPU, bounds.seconds),
        (resource.RLIMIT_AS, bounds.octets),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def main() -> None:
    """Read the mail on standard input, and tell what it says on standard output."""
    asked = json.loads(sys.stdin.buffer.readline())
    _keep_to(Bounds(**asked["bounds"]))
    try:
        told = _told(sys.stdin.buffer.read(), asked["sent"], FileLimits(**asked["limits"]))
    except MemoryError:
        told = {"refused": "reading it takes too much memory"}
    sys.stdout.buffer.write(json.dumps(told).encode())


if __name__ == "__main__":
    main()
