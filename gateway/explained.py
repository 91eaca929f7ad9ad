"""What is told of a mail that was read: the same by a command, and to the operator by HTTP."""

from typing import Any

from gateway.mailboxes.disposition import of_reply
from gateway.reading import Reading


def explained(reading: Reading) -> dict[str, Any]:
    """Return a reading as JSON tells it.

    ``text`` is what would be posted. ``verdict``, ``reason`` and ``detail`` are what its owner
    would hear, who may write; whether the mail is theirs, or came before, is not known here.
    """
    reply, verdict = reading.reply, of_reply(reading)
    return {
        "author": reading.head.named_authors,
        "text": reading.text,
        "kind": reply.kind.value,
        "confidence": round(reply.confidence, 3),
        "source": reply.source,
        "fallback": reply.fallback.value,
        "form": reading.form,
        "verdict": type(verdict).__name__.lower(),
        "reason": verdict.reason.value,
        "detail": getattr(verdict, "detail", ""),
        "reaction": reading.reaction,
        "files": [
            {"filename": one.filename, "contentType": one.content_type, "size": len(one.octets)}
            for one in reading.files
        ],
        "leftOut": [
            {"filename": one.filename, "why": one.why.value} for one in reading.gathered.left_out
        ],
        "lines": [
            {"text": cut.text, "kept": cut.kept, "rule": cut.rule.value, "reason": cut.reason}
            for cut in reply.cuts
        ],
    }
