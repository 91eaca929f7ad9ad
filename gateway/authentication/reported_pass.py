"""Does a pass of DMARC that our own MTA reports prove this mail, to here, now?

It has verified the signatures and tells neither which of them it was nor what that one covers. So
all that may speak for the author are measured (``coverage``) without being verified anew: if none
falls short, the one that was verified does not. Nothing is asked of DNS, and it does not matter
what that MTA has changed in the mail since.

The trap: one that falls short beside one that does not. Anybody can write a signature that covers
everything and is no signature, so the worst counts.
"""

from gateway.authentication.canonical import CanonicalMail
from gateway.authentication.coverage import Addressed, Shortfall, shortfall
from gateway.authentication.domains import aligned
from gateway.authentication.signatures import safe_tags

_LOOKED_AT = 100
_MOST = 4  # that may speak for the author; those who sign twice write two


def falls_short(
    mail: CanonicalMail, author: str, addressed: Addressed, *, spf_said: bool
) -> Shortfall | None:
    """Return what a pass leaves open where no hop is told that proves it; None if nothing.

    ``spf_said``: whether SPF is reported, and does not prove the author. Where nothing is, a mail
    that nobody has signed for the author's domain can only have passed by it.
    """
    values = mail.named(b"dkim-signature")
    read = [safe_tags(value) for value in values[:_LOOKED_AT]]
    tags = [one for one in read if one is None or aligned(author, _domain(one))]
    if None in tags or len(tags) > _MOST or len(values) > _LOOKED_AT:
        return Shortfall.UNVERIFIED
    if not tags:
        return Shortfall.UNVERIFIED if spf_said else None
    lacks = [_lack(mail, one, addressed) for one in tags if one is not None]
    return next((one for one in lacks if one is not None), None)


def _domain(tags: dict[bytes, bytes]) -> str:
    return tags.get(b"d", b"").decode("ascii", "replace").strip().lower()


def _lack(mail: CanonicalMail, tags: dict[bytes, bytes], addressed: Addressed) -> Shortfall | None:
    """Return what one signature, if it is good, leaves unproven."""
    if b"l" in tags:  # whether that is all of the body only the hash would tell
        return Shortfall.PART_OF_BODY
    return shortfall(mail, tags, addressed)
