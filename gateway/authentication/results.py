"""What is known of whose mail this is: the results of SPF, DKIM, DMARC and ARC (RFC 8601, 2.7)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.model.held import AuthorProof
from gateway.authentication.coverage import Shortfall

_TOLD = {
    "fail": AuthorProof.DISOWNED,
    "permerror": AuthorProof.DISOWNED,
    "temperror": AuthorProof.UNANSWERED,
    "none": AuthorProof.UNPUBLISHED,
}


class Result(StrEnum):
    """What a check came to. A check that was not made is NONE too."""

    PASS = "pass"  # noqa: S105  a result, not a secret
    FAIL = "fail"
    NONE = "none"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


class Source(StrEnum):
    """Who made the checks: we ourselves, the MTA in front of us, nobody."""

    OURS = "ours"
    FRONT = "front"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Authentication:
    """The results for one mail.

    ``dkim`` are the domains whose signature is good; of our own checks only those that may count
    for the author. ``arc`` passes only if every sealer is trusted and the first of them saw DMARC
    pass. ``aligned_domain`` is the domain that proved the author, by SPF or DKIM. ``shortfall``:
    why that proves who once wrote it, and not that it was sent to here (``coverage``), else empty.
    """

    spf: Result = Result.NONE
    dkim: tuple[str, ...] = ()
    dmarc: Result = Result.NONE
    dmarc_policy: str = ""
    arc: Result = Result.NONE
    aligned_domain: str = ""
    source: Source = Source.NONE
    shortfall: str = ""

    @property
    def author_proof(self) -> AuthorProof:
        """What there is to tell of it to the owner of the address it was written to."""
        if self.source is Source.NONE:
            return AuthorProof.UNCHECKED
        if self.shortfall:
            unverified = self.shortfall == Shortfall.UNVERIFIED
            return AuthorProof.UNCHECKED if unverified else AuthorProof.AUTHOR_ONLY
        if Result.PASS in (self.dmarc, self.arc) or self._proven_unasked:
            return AuthorProof.PROVEN
        return _TOLD[self.dmarc.value]

    @property
    def _proven_unasked(self) -> bool:
        """Whether our own checks show the author's domain, though it publishes no policy."""
        ours = self.source is Source.OURS and self.dmarc is Result.NONE
        return ours and (self.spf is Result.PASS or bool(self.dkim))

    def evidence(self) -> dict[str, Any]:
        """Return what the receipt keeps of it."""
        return {
            "source": self.source.value,
            "spf": self.spf.value,
            "dkim": list(self.dkim),
            "dmarc": self.dmarc.value,
            "policy": self.dmarc_policy,
            "arc": self.arc.value,
            "aligned": self.aligned_domain,
        } | ({"shortfall": self.shortfall} if self.shortfall else {})


UNCHECKED = Authentication()
