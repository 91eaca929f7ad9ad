"""Which lines of a mail does somebody want beside those that were kept?

The rules may be wrong, and a person who looks knows better: what was folded is asked for by the
numbers of its lines, which count the whole mail from 1 as its cut map does.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.quote.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Wanted:
    """Lines to be kept whatever the rules say: by number from 1, or all of them."""

    lines: frozenset[int] = frozenset()
    everything: bool = False

    def __bool__(self) -> bool:
        """Whether anything is asked for."""
        return self.everything or bool(self.lines)


NOTHING_MORE = Wanted()


def lines_of(spans: Iterable[tuple[int, int]]) -> Wanted:
    """Return what some spans ask for; both their ends are wanted, too."""
    return Wanted(frozenset(at for first, last in spans for at in range(first, last + 1)))


def unfold_wanted(sheet: Sheet, wanted: Wanted) -> None:
    """Give back the lines that are asked for."""
    for at, rule in enumerate(sheet.rules):
        if rule is not None and (wanted.everything or at + 1 in wanted.lines):
            sheet.unfold(at)
