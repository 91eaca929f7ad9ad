"""What became of a mail, step by step: when it was queued, when each try ended and how, what now.

A decision to write is no mail on its way, and a mail that is queued is not accepted: each is said
where it is so, and when.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.model.delivery import Attempt, Delivery, State
from core.moment import Moment

DUE = "due"
THEME_FAILED = "theme_failed"
_NO_TRY_TELLS = frozenset({State.CANCELLED, State.EXPIRED, State.BOUNCED, State.DELIVERED})


@dataclass(frozen=True, slots=True)
class MailStep:
    """One step: ``what`` happened, when, and what was said of it (empty: nothing).

    ``what`` is ``queued``, the outcome of a try, a state that no try tells (``cancelled``,
    ``expired``, ``bounced``, ``delivered``, ``transmitting``), ``theme_failed``: it was written in
    our own theme, or ``due``: when it will be tried.
    """

    at: Moment
    what: str
    said: str = ""


def mail_timeline(delivery: Delivery, tries: Sequence[Attempt]) -> list[MailStep]:
    """Return the steps of a delivery in their order; ``tries`` are its own, oldest first."""
    steps = [MailStep(delivery.created_at, State.QUEUED.value)]
    if fault := (delivery.trace or {}).get("theme_fault"):
        steps.append(MailStep(delivery.created_at, THEME_FAILED, str(fault)))
    steps += [MailStep(one.ended_at, one.outcome, _said(one)) for one in tries]
    last = steps[-1].at
    if delivery.state in _NO_TRY_TELLS:
        at = delivery.ended_at or last
        steps.append(MailStep(at, delivery.state.value, delivery.reason or ""))
    elif delivery.state is State.TRANSMITTING:
        steps.append(MailStep(last, delivery.state.value))
    elif delivery.next_attempt_at is not None:
        steps.append(MailStep(delivery.next_attempt_at, DUE))
    return steps


def _said(one: Attempt) -> str:
    """Return what a far server said last, and what it means."""
    words = (one.cause, one.code or None, one.enhanced, one.text)
    return " ".join(str(word) for word in words if word)
