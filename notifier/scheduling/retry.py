"""When is it tried again, and when is it given up? The back-off of all that goes out.

Three schedules. A *mail* that was deferred: soon at first, then hourly, until its lifetime is over
(``notifier.lifetime_hours``, two days unless set); that is shorter than RFC 5321, 4.5.4.1 asks of a
relay, because we are the originator and news of a missed message ages. A *lane* whose relay is in
trouble as a whole: paused, and no mail behind it spends a try. A *webhook*: the table of Standard
Webhooks, three days long.

``jitter`` is the share by which a wait is shifted, drawn by the caller (as -0.2 to 0.2), so that
what failed together does not come back together.
"""

from dataclasses import dataclass

from core.moment import DAY, HOUR, MINUTE, SECOND, Millis, Moment
from core.outcome import Cause

LIFETIME: Millis = 48 * HOUR

_MAIL = (30 * SECOND, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR)

# A greylisting peer wants to see us again, though hardly before five minutes (RFC 6647, 4.1).
_GREYLISTED = (5 * MINUTE, 5 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR)

_LANE = (5 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE)

# Wrong passwords, said often enough, lock an account.
_LANE_WITHOUT_LOGIN = (MINUTE, 2 * MINUTE, 5 * MINUTE)

# A quota is that of a minute, an hour or a day, and the words seldom say which. One mail asks each
# time, so the first waits are short; a relay that says no all day is asked some thirty times.
_LANE_WITHOUT_LEAVE = (
    5 * SECOND,
    10 * SECOND,
    30 * SECOND,
    2 * MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
)
LONGEST_STEP: Millis = max(*_LANE, *_LANE_WITHOUT_LOGIN, *_LANE_WITHOUT_LEAVE)
_BY_CAUSE = {
    Cause.AUTHENTICATION: _LANE_WITHOUT_LOGIN,
    Cause.SENDER_QUOTA: _LANE_WITHOUT_LEAVE,
    Cause.SENDER_REPUTATION: _LANE_WITHOUT_LEAVE,
    Cause.RELAY_REFUSES: _LANE_WITHOUT_LEAVE,
}

_WEBHOOK = (
    5 * SECOND,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
)
_LONGEST_WISH: Millis = DAY


@dataclass(frozen=True, slots=True)
class Expired:
    """It is not tried again."""


def next_attempt(
    attempt: int,
    cause: Cause,
    now: Moment,
    created_at: Moment,
    jitter: float = 0.0,
    lifetime: Millis = LIFETIME,
) -> Moment | Expired:
    """Return when a mail is offered again after its ``attempt``-th try (from 1) was deferred."""
    table = _GREYLISTED if cause is Cause.GREYLISTED else _MAIL
    return within_lifetime(now + _wait(table, attempt, jitter), created_at, lifetime)


def within_lifetime(
    moment: Moment, created_at: Moment, lifetime: Millis = LIFETIME
) -> Moment | Expired:
    """Return the moment, unless the mail's lifetime is over by then."""
    return moment if moment <= created_at + lifetime else Expired()


def lane_reopens(troubles: int, cause: Cause, now: Moment, jitter: float = 0.0) -> Moment:
    """Return when a lane is used again after so many troubles in a row (from 1).

    The mails behind it wait until then, ``within_lifetime``, and have spent no try.
    """
    return now + _wait(_BY_CAUSE.get(cause, _LANE), troubles, jitter)


def while_it_lives(
    moment: Moment, now: Moment, created_at: Moment, lifetime: Millis = LIFETIME
) -> Moment | Expired:
    """Return the moment, or the end of the mail's lifetime if that comes first.

    For what waits through our own fault: a pause that outlasts it leaves it one look at its end.
    """
    ends = created_at + lifetime
    return min(moment, ends) if now < ends else Expired()


def next_call(
    failures: int, now: Moment, jitter: float = 0.0, wish: Millis | None = None
) -> Moment | Expired:
    """Return when a webhook is called again after so many failures in a row (from 1).

    ``wish`` is what the endpoint asked for (Retry-After: RFC 9110, 10.2.3); it can only delay.
    """
    if failures > len(_WEBHOOK):
        return Expired()
    return now + max(_wait(_WEBHOOK, failures, jitter), min(wish or 0, _LONGEST_WISH))


def _wait(table: tuple[Millis, ...], nth: int, jitter: float) -> Millis:
    """Return the nth wait of a table, its last for ever after, shifted."""
    wait = table[min(max(nth, 1), len(table)) - 1]
    return wait + round(wait * jitter)
