"""What is kept of a mail we answered 250: the receipt, with its envelope, octets and verdict."""

import zlib
from typing import Any, Literal

from core.errors import NotFound
from core.ids import new_id
from core.model.held import AuthorProof
from core.model.member import Correspondent
from core.model.receipt import Receipt
from core.moment import DAY
from core.store.rows import fresh
from core.verdict import Verdict
from gateway.authentication.results import Authentication, Result, Source
from gateway.mail.head import Head
from gateway.mail.offer import Offer, dedupe_key

_SENDER = frozenset({"spf", "dkim", "dmarc", "arc", "source"})
KEPT, HEADERS = "kept", "headers"  # in the evidence, where the rest of a mail is not kept


def receipt_of(
    offer: Offer,
    named: Correspondent | None,
    head: Head | None,
    verdict: Verdict,
    evidence: dict[str, Any] | None = None,
    words_key: str | None = None,
) -> Receipt:
    """Return the receipt of a mail; ``head`` is None where it was not read.

    Of the recipient it holds only the purpose, since the token is a secret.
    """
    local, _, domain = offer.recipient.partition("@")
    return fresh(
        Receipt,
        app_id=named.app_id if named else "",
        id=new_id("rcp", offer.now),
        conversation_id=named.conversation_id if named else None,
        user_id=named.user_id if named else None,
        received_at=offer.now,
        reverse_path=offer.envelope.reverse_path,
        recipient=f"{local[:2]}…@{domain}",
        peer=offer.envelope.peer,
        mail_message_id=head.message_id if head else None,
        dedupe_key=dedupe_key(offer, head),
        words_key=words_key,
        size=len(offer.raw),
        raw=offer.packed,
        raw_until=offer.now + offer.raw_days * DAY,
        verdict=type(verdict).__name__.lower(),
        reason=verdict.reason.value,
        detail=getattr(verdict, "detail", ""),
        message_id=getattr(verdict, "message_id", None),
        evidence=evidence,
    )


def proof_in(evidence: dict[str, Any] | None) -> AuthorProof:
    """Return what a receipt's evidence tells of whether its author's domain sent it."""
    told = (evidence or {}).get("sender")
    if not isinstance(told, dict) or not told.keys() >= _SENDER:
        return AuthorProof.UNCHECKED
    return Authentication(
        spf=Result(told["spf"]),
        dkim=tuple(told["dkim"]),
        dmarc=Result(told["dmarc"]),
        arc=Result(told["arc"]),
        source=Source(told["source"]),
        shortfall=told.get("shortfall", ""),
    ).author_proof


def octets_of(receipt: Receipt) -> bytes:
    """Return the octets of a mail as they came in. Raise NotFound if they are not all kept."""
    if kept_of(receipt) == HEADERS:
        raise NotFound(
            "Only the headers of this mail are kept: its address had had a day's mail before it.",
            code="HEADERS_ONLY",
        )
    return octets_left(receipt)


def octets_left(receipt: Receipt) -> bytes:
    """Return what is kept of a mail's octets. Raise NotFound if nothing is any more."""
    if receipt.raw is None:
        raise NotFound("The octets of this mail are no longer kept.", code="MAIL_GONE")
    return zlib.decompress(receipt.raw)


def kept_of(receipt: Receipt) -> Literal["whole", "headers", "nothing"]:
    """Return how much of a mail is kept."""
    if receipt.raw is None:
        return "nothing"
    return "headers" if (receipt.evidence or {}).get(KEPT) == HEADERS else "whole"
