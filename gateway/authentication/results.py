"""What is known of whose mail this is: the results of SPF, DKIM, DMARC and ARC (RFC 8601, 2.7)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


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
    pass. ``aligned_domain`` is the domain that proved the author, by SPF or DKIM.
    """

    spf: Result = Result.NONE
    dkim: tuple[str, ...] = ()
    dmarc: Result = Result.NONE
    dmarc_policy: str = ""
    arc: Result = Result.NONE
    aligned_domain: str = ""
    source: Source = Source.NONE

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
        }


UNCHECKED = Authentication()
