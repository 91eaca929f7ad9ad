"""What did a check find? Its name, how grave it is, a sentence, and how it is mended.

One form for all who check (a mail before it is sent, later a whole service), so that a terminal, a
program and a page tell it alike. ``name`` is stable: programs may know it.
"""

from dataclasses import dataclass
from enum import StrEnum


class Gravity(StrEnum):
    """How grave a finding is: what fails, what may, and what could be better."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found; ``sentence`` and ``mend`` are for a person, in English."""

    name: str
    gravity: Gravity
    sentence: str
    mend: str
