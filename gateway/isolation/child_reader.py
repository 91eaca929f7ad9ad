"""What does a mail say that a process has died of? Read in a child, which tells it in JSON.

Nothing can be hidden in JSON that acts. The child reads by ``reading.read``, as everybody does;
here stands only how a question goes to it, and its answer back.
"""

import base64
import json
from dataclasses import asdict
from typing import Any

from core.child import DEFAULT_BOUNDS, Bounds, Died, in_child
from core.errors import InvalidRequest
from core.verdict import Discard, Hold, InsteadOfWords, Reason, Reject
from gateway import reading
from gateway.mail.attachments import FileLimits, FilePart, Gathered, LeftOut
from gateway.mail.content.pictures import LeftOutReason
from gateway.mail.envelope import Envelope
from gateway.mail.head import Head
from gateway.quote.cutmap import Cut, Rule
from gateway.quote.extraction import Fallback, Reply, ReplyKind
from gateway.quote.known import Known
from gateway.quote.sent import Sent
from gateway.quote.wanted import Wanted
from gateway.reading import Ask, Depth, Reading

_ANSWER = "gateway.isolation.child_reader:answer"
_VERDICTS = {one.__name__: one for one in (Discard, Hold, Reject)}


async def read_in_child(
    raw: bytes, envelope: Envelope, ask: Ask, bounds: Bounds = DEFAULT_BOUNDS
) -> Reading:
    """Read a mail in a child process. Raise InvalidRequest if it cannot be, and say why."""
    asked = {
        "envelope": asdict(envelope),
        "depth": ask.depth.name,
        "sent": [asdict(one) for one in ask.sent],
        "seen": sorted(ask.seen),
        "limits": asdict(ask.limits),
        "known": ask.known and _known_told(ask.known),
        "locale": ask.locale,
        "wanted": {"lines": sorted(ask.wanted.lines), "everything": ask.wanted.everything},
    }
    told = await in_child(_ANSWER, json.dumps(asked).encode() + b"\n" + raw, bounds)
    if isinstance(told, Died):
        raise _failed(f"reading it {told.why}")
    try:
        heard = _heard(json.loads(told))
    except (ValueError, KeyError, TypeError):  # whoever took the child over wrote it
        raise _failed("what its reader tells makes no sense") from None
    if heard.unsafe:
        raise _failed(heard.unsafe)
    return heard


def answer(given: bytes) -> bytes:
    """Read a mail and tell what it says: the child's work."""
    line, _, raw = given.partition(b"\n")
    asked = json.loads(line)
    recipients = tuple(asked["envelope"].pop("recipients"))
    ask = Ask(
        Depth[asked["depth"]],
        sent=[Sent(**one) for one in asked["sent"]],
        seen=frozenset(asked["seen"]),
        limits=FileLimits(**asked["limits"]),
        known=asked["known"] and _known_heard(asked["known"]),
        locale=asked["locale"],
        wanted=Wanted(frozenset(asked["wanted"]["lines"]), asked["wanted"]["everything"]),
    )
    found = reading.read(raw, Envelope(recipients=recipients, **asked["envelope"]), ask)
    return json.dumps(_told(found)).encode()


def _known_told(known: Known) -> dict[str, Any]:
    """Return what is known of one person's mails. Its keys are of no use for anybody else's."""
    return {
        "key": known.key.hex(),
        "shared_key": known.shared_key.hex(),
        "times": {digest.hex(): times for digest, times in known.times.items()},
        "here": sorted(digest.hex() for digest in known.here),
        "shared": sorted(digest.hex() for digest in known.shared),
        "names": list(known.names),
    }


def _known_heard(told: dict[str, Any]) -> Known:
    return Known(
        key=bytes.fromhex(told["key"]),
        shared_key=bytes.fromhex(told["shared_key"]),
        times={bytes.fromhex(digest): times for digest, times in told["times"].items()},
        here=frozenset(map(bytes.fromhex, told["here"])),
        shared=frozenset(map(bytes.fromhex, told["shared"])),
        names=tuple(told["names"]),
    )


def _failed(why: str) -> InvalidRequest:
    return InvalidRequest(f"This mail cannot be read: {why}.", code="READING_FAILED")


def _told(found: Reading) -> dict[str, Any]:
    """Return what is told of a reading; a report is none of a reply's."""
    reply, verdict = found.reply, found.verdict
    return {
        "unsafe": found.unsafe,
        "head": asdict(found.head),
        "form": found.form,
        "verdict": verdict and [type(verdict).__name__, verdict.reason, verdict.detail],
        "reaction": found.reaction,
        "tells_of_reaction": found.tells_of_reaction,
        "instead": found.instead,
        "text": found.text,
        "reply": reply.text,
        "kind": reply.kind,
        "confidence": reply.confidence,
        "source": reply.source,
        "fallback": reply.fallback,
        "unread": reply.unread,
        "html": reply.html,
        "cuts": [list(cut) for cut in reply.cuts],
        "files": [
            (one.filename, one.content_type, base64.b64encode(one.octets).decode())
            for one in found.files
        ],
        "left_out": [(one.filename, one.why) for one in found.gathered.left_out],
        "too_much": found.gathered.too_much,
        "said": [one.hex() for one in found.said],
        "older": list(found.older),
    }


def _heard(told: dict[str, Any]) -> Reading:
    """Return what the child said as what it means."""
    head = told["head"]
    return Reading(
        unsafe=str(told["unsafe"]),
        head=Head(**{**head, "authors": tuple(head["authors"])}),
        form=str(told["form"]),
        verdict=_verdict(told["verdict"]),
        reply=_reply(told),
        text=str(told["text"]),
        gathered=Gathered(
            tuple(
                FilePart(str(name), str(kind), base64.b64decode(octets))
                for name, kind, octets in told["files"]
            ),
            tuple(LeftOut(str(name), LeftOutReason(why)) for name, why in told["left_out"]),
            too_much=str(told["too_much"]),
        ),
        reaction=told["reaction"],
        tells_of_reaction=bool(told["tells_of_reaction"]),
        instead=told["instead"] and InsteadOfWords(told["instead"]),
        said=tuple(bytes.fromhex(one) for one in told["said"]),
        older=tuple(str(name) for name in told["older"]),
    )


def _reply(told: dict[str, Any]) -> Reply:
    cuts = tuple(Cut(text, bool(kept), Rule(rule), why) for text, kept, rule, why in told["cuts"])
    return Reply(
        text=str(told["reply"]),
        kind=ReplyKind(told["kind"]),
        confidence=float(told["confidence"]),
        html=None if told["html"] is None else str(told["html"]),
        cuts=cuts,
        source=str(told["source"]),
        fallback=Fallback(told["fallback"]),
        unread=bool(told["unread"]),
    )


def _verdict(told: list[str] | None) -> Discard | Hold | Reject | None:
    if told is None:
        return None
    name, reason, detail = told
    return _VERDICTS[name](Reason(reason), detail)
