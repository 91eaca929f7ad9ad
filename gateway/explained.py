"""What is told of a mail that was read: the same by a command, and to the operator by HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gateway.mailboxes.disposition import of_reply
from gateway.reading import Reading

if TYPE_CHECKING:  # what is explained on a terminal needs no database, and half a second less
    from core.model.receipt import Receipt


def explained(reading: Reading, receipt: Receipt | None = None) -> dict[str, Any]:
    """Return a reading as JSON tells it.

    ``text`` is what would be posted. ``verdict``, ``reason`` and ``detail`` are what its owner
    would hear, who may write; whether the mail is theirs, or came before, is not known here. With
    the ``receipt`` of a mail that came to no reply address they are what was answered then.
    """
    reply = reading.reply
    return {
        "author": reading.head.named_authors,
        "text": reading.text,
        "kind": reply.kind.value,
        "confidence": round(reply.confidence, 3),
        "source": reply.source,
        "fallback": reply.fallback.value,
        "form": reading.form,
        **(_answered(receipt) if receipt else _answer(reading)),
        "reaction": reading.reaction,
        "files": [
            {"name": one.filename, "contentType": one.content_type, "size": len(one.octets)}
            for one in reading.files
        ],
        "leftOut": [
            {"name": one.filename, "why": one.why.value} for one in reading.gathered.left_out
        ],
        "lines": [
            {"text": cut.text, "kept": cut.kept, "rule": cut.rule.value, "reason": cut.reason}
            for cut in reply.cuts
        ],
    }


def _answer(reading: Reading) -> dict[str, str]:
    verdict = of_reply(reading)
    return {
        "verdict": type(verdict).__name__.lower(),
        "reason": verdict.reason.value,
        "detail": getattr(verdict, "detail", ""),
    }


def _answered(receipt: Receipt) -> dict[str, str]:
    return {"verdict": receipt.verdict, "reason": receipt.reason, "detail": receipt.detail}
