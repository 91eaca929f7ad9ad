"""How much mail may come for one address in a day, and is there room for more?

A day is one of UTC's. The trap: a mail that is larger than what a day has room for would come again
for ever, so the first mail of a day always has room.
"""

from dataclasses import dataclass

from core.model.day_budget import BudgetOf, Spent
from core.moment import DAY, Moment

MEGABYTE = 1024 * 1024


def day_of(now: Moment) -> int:
    """Return which day a moment is of: days since 1970, UTC."""
    return now // DAY


@dataclass(frozen=True, slots=True)
class DayLimit:
    """So many mails, of so many octets together."""

    mails: int
    octets: int

    def is_spent(self, spent: Spent, now: Moment) -> bool:
        """Tell whether not even the smallest mail has room any more today."""
        return not self.has_room(spent, 1, now)

    def has_room(self, spent: Spent, octets: int, now: Moment) -> bool:
        """Tell whether a mail of so many octets has room: what the statement that takes it asks."""
        is_new_day = spent.day < day_of(now)
        fits = spent.mails < self.mails and spent.octets + octets <= self.octets
        return is_new_day or fits


@dataclass(frozen=True, slots=True)
class DayLimits:
    """What one address may bring in a day, by what becomes of it."""

    words: DayLimit = DayLimit(500, 250 * MEGABYTE)
    doubted: DayLimit = DayLimit(200, 100 * MEGABYTE)
    unposted: DayLimit = DayLimit(100, 25 * MEGABYTE)
    operator: DayLimit = DayLimit(200, 30 * MEGABYTE)

    def of(self, account: BudgetOf) -> DayLimit:
        """Return the limit of one account."""
        match account:
            case BudgetOf.WORDS:
                return self.words
            case BudgetOf.DOUBTED:
                return self.doubted
            case BudgetOf.UNPOSTED:
                return self.unposted
            case BudgetOf.OPERATOR:
                return self.operator


DAY_LIMITS = DayLimits()
