"""Forget what need not be kept: octets whose time is over, presence that ended, told events.

Run now and then by a worker; running it twice does nothing more.
"""

from core.actions import hold
from core.moment import DAY, Moment
from core.store import held, receipts, sessions, webhooks
from core.store.database import Session

_AT_ONCE = 500
_EVENT_DAYS = 35  # longer than any endpoint's deliveries are tried again


def forget(session: Session, raw_days: int, now: Moment) -> dict[str, int]:
    """Forget all that is over; return how much of each kind."""
    expired = held.older_than(session, now - raw_days * DAY, _AT_ONCE)
    for one in expired:
        hold.drop(session, one, "time", now)
    return {
        "held": len(expired),
        "octets": receipts.drop_raw(session, now),
        "sessions": sessions.sweep(session, now),
        "events": webhooks.drop_events(session, now - _EVENT_DAYS * DAY),
    }
