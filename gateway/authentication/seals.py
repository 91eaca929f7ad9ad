"""Did somebody we trust see it pass before a forwarder broke it? ARC (RFC 8617), a tie-break.

Anybody can seal, so a chain counts only if the operator trusts every one of its sealers; then the
first of them has said what it saw of the original mail, and each later one vouches that this
stood when the mail came. With nobody trusted, which is how it starts, nothing is computed.

A chain holds for ever and to whomever, as a signature does: what the last sealer signed of the
mail as it is now must prove this mail, to here, now, by the same measure (``coverage``).
"""

import dkim

from core.domain_name import comparable
from gateway.authentication.canonical import CanonicalMail
from gateway.authentication.coverage import Addressed, Shortfall, shortfall
from gateway.authentication.resolver import Questions, Unanswered
from gateway.authentication.results import Result
from gateway.authentication.results_field import read
from gateway.authentication.signatures import (
    SILENT,
    Bodies,
    OwnBody,
    key,
    safe_tags,
)

_MOST = 10
_SET = (b"arc-seal", b"arc-message-signature", b"arc-authentication-results")


class _Chain(OwnBody, dkim.ARC):  # type: ignore[misc]
    """A mail whose ARC sets are verified."""


def vouched(
    mail: CanonicalMail,
    author: str,
    sealers: frozenset[str],
    questions: Questions,
    addressed: Addressed | None = None,
) -> tuple[Result, str]:
    """Return PASS if trusted sealers vouch that DMARC passed for the author's domain.

    Beside a PASS stands what it falls short of, if ``addressed`` says to whom it came and when.
    """
    if not sealers or not _all_trusted(mail, sealers):
        return Result.NONE, ""
    chain = _Chain(logger=SILENT)
    chain.headers = [list(one) for one in mail.fields]
    chain.bodies = Bodies(mail)
    try:
        validity, sets, _ = chain.verify(lambda name, timeout=0: key(name, questions))
    except Unanswered:
        return Result.TEMPERROR, ""
    except Exception:  # noqa: BLE001  whatever a strange chain makes dkimpy raise
        return Result.FAIL, ""
    if validity != b"pass" or not _saw_it_pass(sets[-1]["aar-value"], author):
        return Result.FAIL, ""
    return Result.PASS, _lack(mail, len(sets), addressed) or ""


def _lack(mail: CanonicalMail, instance: int, addressed: Addressed | None) -> Shortfall | None:
    """Return what the newest message signature, the one that was verified, leaves unproven."""
    if addressed is None:
        return None
    tags = [safe_tags(value) or {} for value in mail.named(_SET[1])]
    newest = [one for one in tags if one.get(b"i", b"").strip() == str(instance).encode()]
    if len(newest) != 1:  # read as another number by dkimpy: nobody can tell which it verified
        return Shortfall.UNSIGNED_FIELD
    return shortfall(mail, newest[0], addressed)


def _all_trusted(mail: CanonicalMail, sealers: frozenset[str]) -> bool:
    """Whether there is a chain, of bounded length and shape, by nobody but the trusted."""
    sets = [mail.named(name) for name in _SET]
    seals = [safe_tags(value) for value in sets[0]]
    if not 0 < len(seals) <= _MOST or any(len(one) != len(seals) for one in sets):
        return False
    if any(safe_tags(value) is None for value in sets[1]):
        return False
    return all(
        tags is not None and tags.get(b"d", b"").decode("ascii", "replace").lower() in sealers
        for tags in seals
    )


def _saw_it_pass(value: bytes, author: str) -> bool:
    """Whether the first sealer reported that DMARC passed for this domain."""
    report = read(value.decode("utf-8", "replace").partition(";")[2])
    dmarc = report.only("dmarc") if report else None
    return (
        dmarc is not None
        and dmarc.result == "pass"
        and comparable(dmarc.properties.get("header.from", "")) == author
    )
