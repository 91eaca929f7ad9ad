"""What does a good signature prove: that its author sent this here, or that they wrote it once?

A signature (RFC 6376) is good for the fields that it names and the body, for ever and to
whomever. Whoever has got hold of a signed mail may send it again, change what is not named, and it
still verifies. So it proves this mail, to here, now, only if it covers what decides the reading
(8.2 there says so of Content-Type), is young, and was written to us. What falls short still
proves who wrote it.

The trap: it is the number of fields that counts. A signature names a field once for each that it
covers, from the bottom; readers take the topmost. One more on top is covered by nobody (5.4.2).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum

from core.moment import DAY, Moment
from gateway.authentication.addressees import Ours, addressees
from gateway.authentication.canonical import CanonicalMail
from gateway.authentication.missing_type import may_lack_a_coding, may_lack_a_type
from gateway.reading import LATEST_DIGESTS, Reading

OLDEST = 7 * DAY  # longer than mail is tried for: RFC 5321, 4.5.4.1 has four to five days
# Which decide how the octets are read, and by which words and id the mail is known.
_DECIDING = (b"content-type", b"content-transfer-encoding", b"subject", b"message-id", b"date")
_ANSWERED = (b"in-reply-to", b"references")
_ALWAYS_THERE = (b"message-id", b"subject")  # of a person's mail: one without had them taken away
_RECIPIENTS = (b"to", b"cc")
_LONGEST = 100_000
_DISPOSITION = b"content-disposition"
_LOOKED_AT = 65_536
_DIGITS = re.compile(rb"[0-9]{1,12}")


class Shortfall(StrEnum):
    """Why a good signature proves its author, and not that this was sent to here."""

    UNSIGNED_FIELD = "unsigned-field"
    OLD = "old"
    OTHER_RECIPIENTS = "other-recipients"
    PART_OF_BODY = "part-of-body"
    UNVERIFIED = "unverified"  # another has said that it is good, and nobody can tell which one


@dataclass(frozen=True, slots=True)
class Addressed:
    """To which address of ours a mail came, and when; and what domains of ours there are.

    ``by_answered``: whether what it names as answered decides how it is read
    (``hangs_on_answered``). Many leave those fields unsigned, so it is asked only then.
    ``owner``: whose the address is, of a stranger's mail: it waits with others to that owner.
    Empty of their own.
    """

    recipient: str
    now: Moment
    domains: frozenset[str] = frozenset()
    by_answered: bool = False
    owner: str = ""


def hangs_on_answered(reading: Reading, digests: int) -> bool:
    """Tell whether In-Reply-To and References decide what a mail says, or of what.

    ``digests``: how many it was read beside. A reaction is to what those fields name. Words may
    read otherwise where there are older digests, and no marker, which is signed with the body,
    tells which one they answer.
    """
    may_be_older = digests >= LATEST_DIGESTS
    return reading.reaction is not None or (may_be_older and not reading.reply.markers)


def shortfall(
    mail: CanonicalMail, tags: dict[bytes, bytes], addressed: Addressed
) -> Shortfall | None:
    """Return what a good signature, told by its tags, leaves unproven; None if nothing."""
    named = [name.strip().lower() for name in tags.get(b"h", b"").split(b":")]
    answered = _ANSWERED if addressed.by_answered else ()
    if _adds_unsigned(mail, named, answered) or _may_lack(mail, named):
        return Shortfall.UNSIGNED_FIELD
    if answered and not any(name in named for name in answered):  # they may be taken away
        return Shortfall.UNSIGNED_FIELD
    moments = _moments(mail, tags, named)
    if not moments or addressed.now - min(moments) > OLDEST:
        return Shortfall.OLD
    return None if _names(mail, named, addressed) else Shortfall.OTHER_RECIPIENTS


def _adds_unsigned(mail: CanonicalMail, named: Sequence[bytes], answered: Sequence[bytes]) -> bool:
    """Whether a field decides the reading, and anybody may have written it."""
    if any(named.count(name) < len(mail.named(name)) for name in (*_DECIDING, *answered)):
        return True
    uncovered = mail.named(_DISPOSITION)[: -named.count(_DISPOSITION) or None]
    # Some sign it never and write "inline" always, which changes nothing (RFC 2183, 2.1).
    return any(value.strip().lower() != b"inline" for value in uncovered)


def _may_lack(mail: CanonicalMail, named: Sequence[bytes]) -> bool:
    """Whether a field that decides the reading may have been taken away."""
    if any(name not in named for name in _ALWAYS_THERE):
        return True
    body = mail.raw[mail.start : mail.start + _LOOKED_AT]
    if b"content-type" not in named:
        return bool(mail.named(b"mime-version")) or may_lack_a_type(body)
    kinds = [value.strip().lower() for value in mail.named(b"content-type")]
    # What is made of parts has its codings in them (RFC 2045, 6.4).
    parted = any(kind.startswith((b"multipart/", b"message/")) for kind in kinds)
    return b"content-transfer-encoding" not in named and not parted and may_lack_a_coding(body)


def _moments(mail: CanonicalMail, tags: dict[bytes, bytes], named: Sequence[bytes]) -> list[Moment]:
    """Return when it was signed and, if that is signed, written."""
    found: list[Moment] = []
    stamp = tags.get(b"t", b"").strip()
    if _DIGITS.fullmatch(stamp):
        found.append(int(stamp) * 1000)
    for value in _signed(mail, b"date", named):
        try:
            found.append(int(parsedate_to_datetime(value.strip()).timestamp() * 1000))
        except (ValueError, TypeError, OverflowError):
            continue
    return found


def _names(mail: CanonicalMail, named: Sequence[bytes], addressed: Addressed) -> bool:
    """Return whether signed To and Cc fields are addressed to us.

    Some sign neither (Exchange Online, say), and a mail that went out by Bcc names nobody: such a
    mail may be sent on to whomever, and only the hop can tell that its author did it.
    """
    ours = Ours(addressed.recipient, addressed.domains)
    values = [value for name in _RECIPIENTS for value in _signed(mail, name, named)]
    # Each of many domains may sign, and each of many fields be long: all of that is read in turn.
    read = sum(map(len, values)) <= _LONGEST
    return read and any(ours.is_among(addressees(value)) for value in values)


def _signed(mail: CanonicalMail, name: bytes, named: Sequence[bytes]) -> list[str]:
    """Return the values of a field that a signature covers: from the bottom (RFC 6376, 5.4.2)."""
    count = named.count(name)
    values = mail.named(name)[-count:] if count else []
    return [value.decode("utf-8", "replace") for value in values]
