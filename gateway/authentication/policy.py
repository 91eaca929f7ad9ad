"""May it be posted, given whose it claims to be and what is known of that? One table.

Rows are read from the top and the first that fits decides. Design, 5.5: the author must be the
address's owner, and DMARC must not fail. "None" is not "fail": most small domains publish
nothing, and the secret address has still been proven. A policy of ``p=none`` does not make a
failure good: it asks receivers not to refuse, and we do not, we hold. A pass that shows only who
wrote it once (``coverage``) is none of a mail to here: that is held as well.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal

from core.verdict import Reason
from gateway.authentication.results import Authentication, Result


class Decision(Enum):
    """What becomes of a reply, as far as its sender goes."""

    POST = auto()
    HOLD = auto()
    DEFER = auto()


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision, and why it is not to post."""

    decision: Decision
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One row: what must be so (``None``: whatever it is), and the ruling then."""

    ruling: Ruling
    policy: Literal["strict", "token"] | None = None
    one_author: bool | None = None
    matches: bool | None = None
    dmarc: Result | None = None
    arc: Result | None = None
    whole: bool | None = None


POST = Ruling(Decision.POST)
NOT_THEIRS = Ruling(Decision.HOLD, Reason.SENDER_MISMATCH)
UNPROVEN = Ruling(Decision.HOLD, Reason.SENDER_UNPROVEN)
TRY_AGAIN = Ruling(Decision.DEFER, Reason.SENDER_UNCHECKED)

TABLE = (
    PolicyRow(POST, policy="token"),
    PolicyRow(NOT_THEIRS, one_author=False),
    PolicyRow(NOT_THEIRS, matches=False),
    PolicyRow(UNPROVEN, dmarc=Result.PASS, whole=False),
    PolicyRow(POST, dmarc=Result.PASS),
    PolicyRow(POST, dmarc=Result.NONE),
    PolicyRow(TRY_AGAIN, dmarc=Result.TEMPERROR),
    PolicyRow(UNPROVEN, dmarc=Result.FAIL, arc=Result.PASS, whole=False),
    PolicyRow(POST, dmarc=Result.FAIL, arc=Result.PASS),
    PolicyRow(TRY_AGAIN, dmarc=Result.FAIL, arc=Result.TEMPERROR),
    PolicyRow(UNPROVEN, dmarc=Result.FAIL),
    PolicyRow(UNPROVEN, dmarc=Result.PERMERROR),
)


def judge(policy: str, *, matches: bool, authors: int, authentication: Authentication) -> Ruling:
    """Return the ruling of the first row that fits; without one, hold."""
    known = authentication
    said = (policy, authors == 1, matches, known.dmarc, known.arc, not known.shortfall)
    for row in TABLE:
        asked = (row.policy, row.one_author, row.matches, row.dmarc, row.arc, row.whole)
        if all(want is None or want == is_so for want, is_so in zip(asked, said, strict=True)):
            return row.ruling
    return UNPROVEN
