"""What is found of a machine's mail: which rule, why, and what becomes of the mail."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from core.verdict import Discard, Hold, Reason, Reject
from gateway.mail.machine.evidence import MachineEvidence


class Fate(StrEnum):
    """What becomes of a mail that a rule recognises."""

    DISCARD = "discard"  # nobody is behind it: taken, recorded, not posted
    HOLD = "hold"  # somebody may be behind it: a person decides
    REJECT = "reject"  # refused, so that whoever runs the sending server hears of it


@dataclass(frozen=True, slots=True)
class Machine:
    """Why a mail counts as machine-made, by which rule, and what becomes of it."""

    reason: Reason
    rule: str
    fate: Fate

    def verdict(self) -> Discard | Hold | Reject:
        """Return the answer this mail gets."""
        match self.fate:
            case Fate.DISCARD:
                return Discard(self.reason, self.rule)
            case Fate.HOLD:
                return Hold(self.reason, self.rule)
            case Fate.REJECT:
                return Reject(self.reason, self.rule)


@dataclass(frozen=True, slots=True)
class MachineRule:
    """One way to tell that a machine wrote a mail. ``name`` is shown to operators."""

    name: str
    reason: Reason
    fate: Fate
    matches: Callable[[MachineEvidence], bool]
