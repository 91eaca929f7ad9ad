"""Has the address room for this mail today? What one mail takes of the day's budgets.

    words      what its owner writes: put off when the day is full, so that nothing is lost
    doubted    what is held: the same, apart, so that a stranger's mails put off nobody else's
    unposted   machines' mails, opt-outs, reports: done what they ask for, whatever the day; kept
               whole while there is room, then as many more by their headers, then not at all

Room is taken in the transaction that writes the mail. The traps: the same mail offered twice takes
room once; and what raises undoes all of its transaction, so that the day is full is told in the log
by another one, once a day and account, whichever process it is that finds it so.
"""

import zlib
from dataclasses import dataclass, field
from functools import partial

from core.model.day_budget import BudgetOf, Spent
from core.model.member import Correspondent
from core.model.receipt import Receipt
from core.observe import Event, logger
from core.rules.day_limit import DayLimits, day_of
from core.store import day_budgets, receipts
from core.store.database import Database, Session
from core.store.day_budgets import Charge, Whose
from core.store.receipts import CopyKeys
from core.verdict import Defer, Reason
from gateway.mail.offer import Offer
from gateway.mailboxes.receipt import HEADERS, KEPT

OPERATOR: Whose = ("", "", "")  # no app's
_LONGEST_HEAD = 16 * 1024  # octets of a mail's headers that are kept where the rest is not
_NO_END = 2**62


class DaySpent(Exception):  # noqa: N818  reads as a state
    """The day has no room for this mail: nothing of its transaction stays."""

    def __init__(self, account: BudgetOf, day: int) -> None:
        """Tell of which account, and which day."""
        super().__init__(account, day)
        self.account, self.day = account, day


@dataclass(frozen=True, slots=True)
class MailBudget:
    """What one mail may take of the budgets of the address it came to.

    ``found_full``: whose day was found full in a transaction that stays, to be told after it.
    """

    offer: Offer
    limits: DayLimits
    found_full: list[tuple[Whose, BudgetOf]] = field(default_factory=list, compare=False)

    def charge(self, whose: Whose, account: BudgetOf) -> Charge:
        """Return what a mail takes of an account."""
        limit, octets = self.limits.of(account), len(self.offer.raw)
        day = day_of(self.offer.now)
        return Charge(whose, account, day, octets, limit.mails, limit.octets)

    def take(self, session: Session, whose: Whose, account: BudgetOf) -> None:
        """Take room for a mail that is kept whole or not taken. Raise DaySpent if there is none."""
        charge = self.charge(whose, account)
        if not day_budgets.take(session, charge):
            raise DaySpent(account, charge.day)

    def expect(self, one: Correspondent) -> None:
        """Raise DaySpent if, by what was known at RCPT, their words will have no room.

        Asked before files are written, which no transaction undoes.
        """
        limit, now = self.limits.words, self.offer.now
        if not limit.has_room(one.spent, len(self.offer.raw), now):
            raise DaySpent(BudgetOf.WORDS, day_of(now))

    def record(self, session: Session, receipt: Receipt) -> bool | None:
        """Keep a mail that is not posted, as far as the day has room; the verdict stands anyway.

        Return whether it is new; None if there is no room even for its headers, and it is not kept.
        """
        if not self.trim(session, receipt):
            return None
        return receipts.record(session, receipt)

    def trim(self, session: Session, receipt: Receipt) -> bool:
        """Let a receipt hold as much of its mail as there is room for; False if there is none."""
        if receipts.copies(session, receipt.app_id, CopyKeys(receipt.dedupe_key)):
            return True  # it came before, and takes no room twice
        whole = self.charge(whose_of(receipt), BudgetOf.UNPOSTED)
        if day_budgets.take(session, whole):
            return True
        if day_budgets.tell(session, whole.whose, whole.account, whole.day):
            self.found_full.append((whole.whose, whole.account))
        head = _head(self.offer.raw)
        twice = Charge(
            whole.whose, whole.account, whole.day, len(head), 2 * whole.most_mails, _NO_END
        )
        receipt.raw = zlib.compress(head, 1)
        receipt.evidence = (receipt.evidence or {}) | {KEPT: HEADERS}
        return day_budgets.take(session, twice)

    def log(self) -> None:
        """Tell which days were found full, once what found them is on disk."""
        for whose, account in dict.fromkeys(self.found_full):
            _log(whose, account)


def whose_of(one: Correspondent | Receipt) -> Whose:
    """Return whose address a mail came to."""
    return (one.app_id, one.conversation_id or "", one.user_id or "")


async def put_off(database: Database, whose: Whose, account: BudgetOf, spent: Spent) -> Defer:
    """Answer a mail for which the day has no room, and tell the log of it once a day.

    ``spent``: what is known of the day; of its ``told`` it is enough that it was true once.
    """
    telling = partial(day_budgets.tell, whose=whose, account=account, day=spent.day)
    if not spent.told and await database.write(telling):
        _log(whose, account)
    return Defer(Reason.OPERATOR_BUSY if account is BudgetOf.OPERATOR else Reason.DAY_SPENT)


def _log(whose: Whose, account: BudgetOf) -> None:
    app, conversation, user = whose
    logger().warning(
        Event.BUDGET_SPENT, account=account.value, app=app, conversation=conversation, user=user
    )


def _head(raw: bytes) -> bytes:
    """Return a mail's headers, as many whole lines as are kept."""
    head, _, _ = raw.partition(b"\r\n\r\n")
    if len(head) > _LONGEST_HEAD:
        head = head[:_LONGEST_HEAD].rpartition(b"\r\n")[0] or head[:_LONGEST_HEAD]
    return head + b"\r\n\r\n"
