"""What is told of a mail that was read: the same by a command, and to the operator by HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core.scrub import HIDDEN
from gateway.mail.token_scrub import scrub
from gateway.mailboxes.disposition import of_reply
from gateway.reading import Reading

if TYPE_CHECKING:  # what is explained on a terminal needs no database, and half a second less
    from core.model.receipt import Receipt

_MOST_BROKEN = 6  # lines over which a mail program breaks one long word


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
        **files_of(reading),
        "lines": [
            {"text": cut.text, "kept": cut.kept, "rule": cut.rule.value, "reason": cut.reason}
            for cut in reply.cuts
        ],
    }


def files_of(reading: Reading) -> dict[str, Any]:
    """Return the files that came with a mail, and those that were left out, as JSON tells them."""
    return {
        "files": [
            {"name": one.filename, "contentType": one.content_type, "size": len(one.octets)}
            for one in reading.files
        ],
        "leftOut": [
            {"name": one.filename, "why": one.why.value} for one in reading.gathered.left_out
        ],
    }


def without_secrets(lines: Sequence[str]) -> list[str]:
    """Return a mail's lines without our addresses and links, also where one is broken over some.

    What is folded is mostly our own digest, and the links in it are its reader's alone.
    """
    whole = "\n".join(lines)
    if scrub(whole) == whole:
        return list(lines)
    clean = [scrub(line) for line in lines]
    for size in range(2, _MOST_BROKEN + 1):
        for at in range(len(clean) - size + 1):
            joined = "\n".join(clean[at : at + size])
            if scrub(joined) != joined:
                clean[at : at + size] = [HIDDEN] * size
    return clean


def _answer(reading: Reading) -> dict[str, str]:
    verdict = of_reply(reading)
    return {
        "verdict": type(verdict).__name__.lower(),
        "reason": verdict.reason.value,
        "detail": getattr(verdict, "detail", ""),
    }


def _answered(receipt: Receipt) -> dict[str, str]:
    return {"verdict": receipt.verdict, "reason": receipt.reason, "detail": receipt.detail}
