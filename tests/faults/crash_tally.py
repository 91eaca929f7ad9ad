"""What came of the runs at each point, and how it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

from tests.faults.crash_points import POINTS


@dataclass
class Tally:
    """What came of the runs at one point."""

    runs: int = 0
    killed: int = 0
    lost: int = 0
    stuck: int = 0
    doubled_from_uncertain: int = 0
    doubled_otherwise: int = 0
    changed_octets: int = 0
    events_lost: int = 0

    @property
    def is_sound(self) -> bool:
        """Whether each run met its point, and nothing went wrong at it."""
        faults = self.lost, self.stuck, self.doubled_otherwise, self.changed_octets
        return self.killed == self.runs and not any(faults) and not self.events_lost

    def __iadd__(self, other: Self) -> Self:
        """Add what came of others."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))
        return self


def table(tallies: Sequence[Tally]) -> str:
    """Write what came of it as a table in Markdown."""
    heads = ["point", "killed", "lost", "stuck", "doubled, was uncertain", "doubled otherwise"]
    lines = [" | ".join(heads), "|".join(["---"] + ["--:"] * (len(heads) - 1))]
    total = Tally()
    for point, one in zip(POINTS, tallies, strict=True):
        total += one
        lines.append(_line(point.name, one))
    lines.append(_line("all", total))
    return "".join(f"| {line} |\n" if "--" not in line else f"|{line}|\n" for line in lines)


def _line(name: str, one: Tally) -> str:
    lost = one.lost + one.events_lost
    otherwise = one.doubled_otherwise + one.changed_octets
    counts = (one.killed, lost, one.stuck, one.doubled_from_uncertain, otherwise)
    return " | ".join([name, *map(str, counts)])
