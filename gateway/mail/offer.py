"""What is kept of a mail we answered 250: the receipt, and what makes two offers one mail."""

import hashlib
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from core.errors import NotFound
from core.ids import new_id
from core.model.base import fresh
from core.model.member import Correspondent
from core.model.receipt import Receipt
from core.moment import DAY, Moment
from core.verdict import Verdict
from gateway.mail.envelope import Envelope
from gateway.mail.head import Head


@dataclass(frozen=True)
class Offer:
    """A mail and the one recipient it is looked at for. ``raw_days``: how long octets are kept."""

    envelope: Envelope
    recipient: str
    raw: bytes
    now: Moment
    raw_days: int

    @cached_property
    def packed(self) -> bytes:
        """The octets, compressed. Worked out once: a large mail's before its transaction."""
        return zlib.compress(self.raw, 1)

    @cached_property
    def content_digest(self) -> bytes:
        """The SHA-256 of what stands below the headers, or of all if nothing does."""
        head, separator, content = self.raw.partition(b"\r\n\r\n")
        return hashlib.sha256(content if separator else head).digest()

    @cached_property
    def may_bring_pictures(self) -> bool:
        """Whether a picture may be among its parts: a quick look, true too often if anything."""
        return any(mark in self.raw for mark in (b"image/", b"Image/", b"IMAGE/"))


def receipt_of(
    offer: Offer,
    named: Correspondent | None,
    head: Head | None,
    verdict: Verdict,
    evidence: dict[str, Any] | None = None,
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
        size=len(offer.raw),
        raw=offer.packed,
        raw_until=offer.now + offer.raw_days * DAY,
        verdict=type(verdict).__name__.lower(),
        reason=verdict.reason.value,
        detail=getattr(verdict, "detail", ""),
        message_id=getattr(verdict, "message_id", None),
        evidence=evidence,
    )


def octets_of(receipt: Receipt) -> bytes:
    """Return the octets of a mail as they came in. Raise NotFound if they are no longer kept."""
    if receipt.raw is None:
        raise NotFound("The octets of this mail are no longer kept.", code="MAIL_GONE")
    return zlib.decompress(receipt.raw)


def dedupe_key(offer: Offer, head: Head | None) -> str:
    """Return what makes two offers the same mail: address, Message-ID, content.

    Trace headers change on the way (RFC 5321, 4.4), so only what stands below the headers and
    the Message-ID count; of a mail without one, what its author's program wrote above. "Yes" may
    be said twice.
    """
    local = offer.recipient.partition("@")[0].lower()
    digest = hashlib.sha256(local.replace(".", "+", 1).encode())  # the dot form is the same address
    named = (head.message_id or head.identity) if head else ""
    digest.update(named.encode("utf-8", "surrogateescape"))
    digest.update(offer.content_digest)
    return digest.hexdigest()
