"""What a bench has measured, against what it must reach: one line of one table, for every bench.

A figure is met when it reaches its floor; the goal is where we want to be. Where there is nothing
to measure with, the figure says what is missing instead, and is not met.
"""

import argparse
import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

_WIDTH = 46


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: how much, how far rounds lay apart, what it must reach and what it should.

    ``at_most``: less is better. ``absent`` says why there is no value.
    """

    name: str
    value: float | None
    floor: float
    goal: float
    spread: tuple[float, float] | None = None
    unit: str = ""
    at_most: bool = False
    absent: str = ""

    @property
    def met(self) -> str:
        """What of it is met: goal, floor or NOT."""
        if self.value is None:
            return "not measured"
        for bound, word in ((self.goal, "goal"), (self.floor, "floor")):
            if self.value <= bound if self.at_most else self.value >= bound:
                return word
        return "NOT"


def ratio(
    name: str, ours: Sequence[float], anchor: Sequence[float], floor: float, goal: float
) -> Figure:
    """Return the median, and the spread, of the ratios of paired rounds."""
    ratios = [one / other for one, other in zip(ours, anchor, strict=True)]
    return Figure(name, statistics.median(ratios), floor, goal, (min(ratios), max(ratios)))


def table(figures: Sequence[Figure]) -> str:
    """Return the table."""
    head = f"{'figure':<{_WIDTH}}{'value':>8}  {'spread':<13}{'floor':>7}{'goal':>7}  met"
    return "\n".join((head, *map(_line, figures)))


def _line(one: Figure) -> str:
    name = f"{one.name}, {one.unit}" if one.unit else one.name
    value = "-" if one.value is None else f"{one.value:.2f}"
    spread = f"{one.spread[0]:.2f}..{one.spread[1]:.2f}" if one.spread else ""
    sign = "<" if one.at_most else ">"
    bounds = f"{sign + format(one.floor, 'g'):>7}{sign + format(one.goal, 'g'):>7}"
    why = f" ({one.absent})" if one.absent else ""
    return f"{name:<{_WIDTH}}{value:>8}  {spread:<13}{bounds}  {one.met}{why}"


def arguments(about: str | None) -> argparse.ArgumentParser:
    """Return a bench's parser, with what all benches take."""
    parser = argparse.ArgumentParser(description=(about or "").partition("\n")[0])
    parser.add_argument("--json", type=Path, help="also write the figures into this file")
    return parser


def report(figures: Sequence[Figure], file: Path | None) -> None:
    """Print the table, and keep the figures for whoever gathers them."""
    print(table(figures))
    if file is not None:
        file.write_text(json.dumps([asdict(one) for one in figures]))
