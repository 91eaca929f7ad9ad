"""How many mails are too many? Caps of a role for each person, and backing off in a conversation.

Both put off and never drop: what waits is told in one mail, with all that came since.

A cap counts the digests that were made for a person in the last hour, or day, in all of an app's
conversations; there is room again when the oldest of as many as there may be is that old. What a
clock that was ahead wrote does not count.

Who neither reads, visits nor answers a conversation is written to about it ever more rarely: after
so many mails the next comes no sooner than ten minutes after the last, then an hour, six, a day.
A visit or an answer ends that; one by mail is noticed by looking every ten minutes.
"""

from collections.abc import Sequence

from core.model.role import Role
from core.moment import DAY, HOUR, MINUTE, Millis, Moment

MOST = 1_000  # what a cap may be
LOOK_AT_BACK_OFF: Millis = 10 * MINUTE
STEPS: tuple[Millis, ...] = (10 * MINUTE, HOUR, 6 * HOUR, DAY)


def room_at(role: Role, made: Sequence[Moment], now: Moment) -> Moment | None:
    """Return when a person may be sent a mail again; None: they may now."""
    waits = [
        known[most - 1] + window
        for most, window in ((role.mails_per_hour, HOUR), (role.mails_per_day, DAY))
        if most is not None
        if len(known := [one for one in made if now - window < one <= now]) >= most
    ]
    return max(waits, default=None)


def backs_off_until(role: Role, unseen: Sequence[Moment], now: Moment) -> Moment | None:
    """Return until when nothing more is said of a conversation that they pass over; None: now."""
    known = [one for one in unseen if one <= now]
    if role.back_off_after is None or len(known) < role.back_off_after:
        return None
    until = known[0] + STEPS[min(len(known) - role.back_off_after, len(STEPS) - 1)]
    return until if until > now else None
