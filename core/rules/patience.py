"""How long does a notification wait for the conversation to pause?

Until nobody has said or typed anything for the role's timeout, but never longer than the role's
maximum wait after the first missed message, so that a busy conversation cannot starve its
readers. Somebody types for as long as a session that lives says so, whatever the timeout, and all
that time the conversation does not pause. Who stops brings the burst forward (``store.waits``);
who vanishes has stopped at the end of their session. Of a crowd not everybody is brought forward,
so while somebody types it is looked at every few seconds.

The trap is a clock that is set: a wait that began in what is now the future would last until the
clock is there again. It begins anew, now, so that no jump adds more than one maximum wait; one
ahead ends waits early, which is the lesser harm.
"""

from dataclasses import dataclass

from core.moment import SECOND, Millis, Moment

LOOK_AT_TYPING: Millis = 10 * SECOND


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in milliseconds. The ceiling is never below the timeout."""

    timeout: Millis
    ceiling: Millis

    @classmethod
    def of_seconds(cls, timeout: int, ceiling: int) -> "Patience":
        """Return the patience of a role's settings, which are in seconds."""
        return cls(timeout * SECOND, max(timeout, ceiling) * SECOND)


def due_at(first_missed_at: Moment, last_activity_at: Moment, patience: Patience) -> Moment:
    """Return the moment from which the burst may leave, if nobody types."""
    return min(
        max(first_missed_at, last_activity_at) + patience.timeout,
        first_missed_at + patience.ceiling,
    )


def due_after_typing(
    first_missed_at: Moment, typing_until: Moment, patience: Patience, now: Moment
) -> Moment:
    """Return when to look again at a burst of a conversation that somebody types in now."""
    look = min(typing_until + patience.timeout, now + max(patience.timeout, LOOK_AT_TYPING))
    return min(look, first_missed_at + patience.ceiling)
