"""A mail that is offered to one recipient, and what makes two offers one mail.

Two keys, either of which is enough. The first is that of the octets: an offer that is made again
after a lost answer. The second is that of what was read of them: a copy that took another way.
"""

import hashlib
import zlib
from dataclasses import dataclass
from functools import cached_property

from core.moment import Moment
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
        """Whether a picture may be among its parts: a quick look, true too often if anything.

        What a signed envelope holds is not to be seen in the octets (RFC 8551): it may be one.
        """
        octets = self.raw.lower()
        return b"image/" in octets or b"pkcs7-mime" in octets


def words_key(whose: tuple[str, str], head: Head, said: bytes) -> str | None:
    """Return what makes two offers the same mail, however it was coded: owner, Message-ID, words.

    ``whose`` is the conversation and user that the address names, ``said`` a digest of words and
    files (``words_digest``). None without a Message-ID: "yes" may be said twice.
    """
    name = "".join(head.message_id.split())  # long ones are folded, here or there
    if not name:
        return None
    named = "\0".join([*whose, name])
    digest = hashlib.sha256(named.encode("utf-8", "surrogateescape"))
    digest.update(said)  # of one length, so that no name can run into it
    return digest.hexdigest()


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
