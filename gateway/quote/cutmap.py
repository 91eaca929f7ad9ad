"""Which lines were kept, which were folded, and by which rule?

The cut map is the whole mail, line by line, in order: kept and folded lines together are the text.
Nothing is deleted, only folded, so a page can offer "show the rest" and a person can be told why.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, overload


class Rule(StrEnum):
    """The rule that kept or folded a line. The value is stable: it is stored and shown."""

    WRITTEN = "written"
    CONTEXT = "context"
    BLANK = "blank"
    SENT = "sent"
    MARKER = "marker"
    ABOVE = "above-line"
    STRUCTURE = "structure"
    QUOTED = "quoted"
    ATTRIBUTION = "attribution"
    HEADER = "header-block"
    SEPARATOR = "separator"
    FORWARD = "forward"
    HISTORY = "history"
    SIGNATURE = "signature"
    TAGLINE = "tagline"
    NOTICE = "notice"
    KNOWN = "known"
    LIMIT = "limit"


class Cut(NamedTuple):
    """One line of the mail and what became of it. There is one for every line: made cheaply."""

    text: str
    kept: bool
    rule: Rule
    reason: str = ""


_KEPT = frozenset({Rule.WRITTEN, Rule.CONTEXT, Rule.BLANK})


class CutMap(Sequence[Cut]):
    """The cuts of one mail, written on first asking: most mails are never explained."""

    def __init__(self, texts: list[str], rules: list[Rule], reasons: list[str]) -> None:
        """Take what they are written from, column by column."""
        self._texts = texts
        self._rules = rules
        self._reasons = reasons

    @cached_property
    def _cuts(self) -> tuple[Cut, ...]:
        columns = zip(self._texts, self._rules, self._reasons, strict=True)
        return tuple(Cut(text, rule in _KEPT, rule, reason) for text, rule, reason in columns)

    @property
    def folded(self) -> frozenset[Rule]:
        """The rules that folded any line."""
        return frozenset(self._rules) - _KEPT

    def __len__(self) -> int:
        """How many lines the mail has."""
        return len(self._cuts)

    def __iter__(self) -> Iterator[Cut]:
        """Go through the lines in order."""
        return iter(self._cuts)

    @overload
    def __getitem__(self, at: int) -> Cut: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Cut, ...]: ...

    def __getitem__(self, at: int | slice) -> Cut | tuple[Cut, ...]:
        """Return one line, or several."""
        return self._cuts[at]

    def __eq__(self, other: object) -> bool:
        """Compare what is written, with a tuple of cuts also."""
        return self._cuts == (other._cuts if isinstance(other, CutMap) else other)

    def __hash__(self) -> int:
        """Equal maps have equal hashes."""
        return hash(self._cuts)

    def __repr__(self) -> str:
        """Show the cuts."""
        return repr(self._cuts)
