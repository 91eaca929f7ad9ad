"""What does an outcome make of a delivery?

queued ──► transmitting ──► accepted
  ▲  │           │ ├──────► failed
  │  │           │ └──────► uncertain   found so after a crash, or the line broke at the dot:
  │  └► cancelled│                      once more with the same octets, then it rests
  └──── deferred ┘──► expired           no further try within the lifetime
                      accepted ──► bounced   a report says so later
"""

from dataclasses import dataclass

from core.model.delivery import State
from core.moment import Moment
from core.outcome import Accepted, Deferred, Failed, Outcome, Uncertain


@dataclass(frozen=True, slots=True)
class Next:
    """The state a delivery goes to, when it is tried again (None: it has ended), and why."""

    state: State
    next_attempt_at: Moment | None
    reason: str | None = None
    keep_octets: bool = False


def after(outcome: Outcome, retry_at: Moment | None, now: Moment, uncertain_before: int) -> Next:
    """Return where a delivery goes after an outcome.

    ``retry_at`` is when a deferred one is tried again, None if its lifetime is over;
    ``uncertain_before`` how often it has been uncertain already.
    """
    match outcome:
        case Accepted():
            return Next(State.ACCEPTED, None)
        case Failed(cause):
            return Next(State.FAILED, None, cause.value)
        case Deferred(cause) if retry_at is None:
            return Next(State.EXPIRED, None, cause.value)
        case Deferred(cause):
            return Next(State.QUEUED, retry_at, cause.value)
        case Uncertain(detail) if uncertain_before:
            return Next(State.UNCERTAIN, None, detail)
        case Uncertain(detail):
            return Next(State.UNCERTAIN, now, detail, keep_octets=True)
