"""How long does a notification wait for the conversation to pause?

Until nobody has said or typed anything for the role's timeout, but never longer than the role's
maximum wait after the first missed message, so that a busy conversation cannot starve its
readers. Typing counts only while it is fresh (design: 10 s), which the writer of ``typed_at``
sees to.
"""

from dataclasses import dataclass

from core.moment import SECOND, Millis, Moment


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
    """Return the moment from which the burst may leave."""
    return min(
        max(first_missed_at, last_activity_at) + patience.timeout,
        first_missed_at + patience.ceiling,
    )
