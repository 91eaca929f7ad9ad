"""A mail that is offered to one recipient, and what makes two offers one mail.

Two keys, either of which is enough. The first is that of the body: an offer that is made again
after a lost answer, or somebody who has got a signed mail and sends it once more. The second is
that of what was read: a copy that took another way, and was coded anew there.

The trap is white space. A signature that is good in spite of a blank more (RFC 6376, 3.4.4) is the
same mail's, however its words read by then: what we sent since tells which lines are quotes.
"""

import hashlib
import re
import zlib
from dataclasses import dataclass
from functools import cached_property

from core.in_pieces import pieces
from core.moment import Moment
from gateway.mail.envelope import Envelope
from gateway.mail.head import Head
from gateway.mail.stretches import names_any

_RECEIVED = re.compile(rb"^received:.*\n(?:[ \t].*\n)*", re.IGNORECASE | re.MULTILINE)
_WHITE_SPACE = b" \t\r\n"  # what a signature may pass over, and no more


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
        """The SHA-256 of all but the ``Received`` fields, which an offer made again may change.

        The headers count: who puts others above somebody's body makes another mail of it.
        """
        below = _below_headers(self.raw)
        head = self.raw[: len(self.raw) - len(below)]
        digest = hashlib.sha256(_RECEIVED.sub(b"", head))
        digest.update(below)
        return digest.digest()

    @cached_property
    def body_digest(self) -> bytes:
        """The SHA-256 of the same without white space: that of all bodies a signature is good for.

        It passes over more than a signature does, so that a body whose lines were broken elsewhere
        is the same as well.
        """
        digest = hashlib.sha256()
        for piece in pieces(_below_headers(self.raw)):
            digest.update(piece.translate(None, _WHITE_SPACE))
        return digest.digest()

    @cached_property
    def may_bring_pictures(self) -> bool:
        """Whether a picture may be among its parts: a quick look, true too often if anything.

        What a signed envelope holds is not to be seen in the octets (RFC 8551): it may be one.
        """
        return names_any(self.raw, b"image/", b"pkcs7-mime")


def _below_headers(raw: bytes) -> memoryview:
    """Return what stands below the headers, or all if nothing does: no copy of it."""
    end = raw.find(b"\r\n\r\n")
    return memoryview(raw)[end + 4 :] if end >= 0 else memoryview(raw)


def words_key(whose: tuple[str, str], head: Head, said: bytes) -> str | None:
    """Return what makes two offers the same mail, however it was coded: owner, Message-ID, words.

    ``whose`` is the conversation and user that the address names, ``said`` a digest of words and
    files (``words_digest``). None without a Message-ID: "yes" may be said twice.
    """
    name = _unfolded(head.message_id)
    if not name:
        return None
    named = "\0".join([*whose, name])
    digest = hashlib.sha256(named.encode("utf-8", "surrogateescape"))
    digest.update(said)  # of one length, so that no name can run into it
    return digest.hexdigest()


def dedupe_key(offer: Offer, head: Head | None) -> str:
    """Return what makes two offers the same mail: address, Message-ID, body.

    Trace headers change on the way (RFC 5321, 4.4), so only what stands below the headers and
    the Message-ID count; of a mail without one, what its author's program wrote above. "Yes" may
    be said twice. ``head``: None where it was not read; then all but its trace headers count.
    """
    local = offer.recipient.partition("@")[0].lower()
    digest = hashlib.sha256(local.replace(".", "+", 1).encode())  # the dot form is the same address
    named = _unfolded(head.message_id or head.identity) if head else ""
    digest.update(named.encode("utf-8", "surrogateescape"))
    # Of one that nobody read, the headers are not known to say the same.
    digest.update(offer.body_digest if head else offer.content_digest)
    return digest.hexdigest()


def judged_key(key: str, *judged: str) -> str:
    """Return a dedupe key that only mails share that were judged alike, besides being one.

    What a copy under a stranger's headers was taken for is then nothing to the genuine one.
    """
    return hashlib.sha256("\0".join([key, *judged]).encode("utf-8", "surrogateescape")).hexdigest()


def _unfolded(text: str) -> str:
    """Return header text without white space: long ones are folded, here or there."""
    return "".join(text.split())
