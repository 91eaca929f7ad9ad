"""A day's budget: how much mail has come on a day for one address, by what became of it."""

from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from core.model.base import key, moment


class BudgetOf(StrEnum):
    """What a budget is for. Each has its own, so that nobody's mails use up another's."""

    WORDS = "words"  # what its owner wrote, posted at once
    DOUBTED = "doubted"  # what is held until the owner says whose it is
    UNPOSTED = "unposted"  # machines' mails, opt-outs, reports: there is no message in them
    OPERATOR = "operator"  # postmaster@ and abuse@, which anybody can guess


class Spent(NamedTuple):
    """What has come on a day (days since 1970, UTC), and whether the log told that it is full."""

    day: int = -1
    mails: int = 0
    octets: int = 0
    told: bool = False


NOTHING_SPENT = Spent()


class DayBudget(SQLModel, table=True):
    """What came on the latest day on which something came; at another day it begins anew.

    ``account`` is one of BudgetOf. Conversation and user are those that the address names, empty
    for the operator's. ``octets``: of the mails as they came, or of as much of them as was kept.
    """

    __tablename__ = "day_budget"
    __table_args__ = (Index("day_budget_by_day", "day"),)

    app_id: str = key()
    conversation_id: str = key()
    user_id: str = key()
    account: str = key()
    day: int
    mails: int
    octets: int = moment()
    told: bool = Field(default=False)
