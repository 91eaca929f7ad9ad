"""What can be asked of a message's mail, and how it is shown."""

from itertools import groupby
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from gateway.explained import files_of, without_secrets
from gateway.http.bodies.base import JsonBody, few
from gateway.mail.token_scrub import scrub
from gateway.quote.cutmap import Cut
from gateway.quote.wanted import Wanted, lines_of
from gateway.release.message_mail import MessageMail

Json = dict[str, Any]
_MOST_LINES = 200_000


def _in_order(spans: list[list[int]]) -> list[list[int]]:
    for first, last in spans:
        if first > last:
            raise ValueError(f"[{first}, {last}] ends before it begins")
    if sum(last - first + 1 for first, last in spans) > _MOST_LINES:
        raise ValueError(f"names more than {_MOST_LINES} lines")
    return spans


_Number = Annotated[int, Field(ge=1, le=_MOST_LINES, strict=True)]
_Span = Annotated[list[_Number], few(2, 2)]
_Spans = Annotated[list[_Span], few(1_000, 1), AfterValidator(_in_order)]


class RepostBody(JsonBody):
    """Which lines are to be posted after all: all of them, or from one to another.

    ``fingerprint``: that of the mail as it was shown.
    """

    keep: Literal["all"] | _Spans
    fingerprint: Annotated[str, Field(pattern="^[0-9a-f]{16}$")] | None = None

    def wanted(self) -> Wanted:
        """Return the lines that are asked for."""
        if self.keep == "all":
            return Wanted(everything=True)
        return lines_of((first, last) for first, last in self.keep)


def mail_shape(mail: MessageMail) -> Json:
    """Return what a message's mail says: its ranges of lines, kept or folded, and its files."""
    reply, receipt = mail.reading.reply, mail.receipt
    return {
        "receiptId": receipt.id,
        "receivedAt": receipt.received_at,
        "keptUntil": receipt.raw_until,
        "fingerprint": mail.fingerprint,
        "kind": reply.kind.value,
        "confidence": round(reply.confidence, 3),
        "source": reply.source,
        "fallback": reply.fallback.value,
        "html": scrub(reply.html) if reply.html else None,
        "ranges": _ranges(list(reply.cuts)),
        **files_of(mail.reading),
    }


def _ranges(cuts: list[Cut]) -> list[Json]:
    """Return the lines of a mail, those together that one rule kept or folded for one reason."""
    texts = without_secrets([cut.text for cut in cuts])
    numbered = list(zip(range(1, len(cuts) + 1), cuts, texts, strict=True))
    ranges: list[Json] = []
    for (kept, rule, reason), some in groupby(numbered, key=lambda one: one[1][1:]):
        lines = list(some)
        ranges.append(
            {
                "from": lines[0][0],
                "to": lines[-1][0],
                "kept": kept,
                "rule": rule.value,
                "reason": reason,
                "text": "\n".join(text for _, _, text in lines),
            }
        )
    return ranges
