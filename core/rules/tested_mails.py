"""How many mails may an app have tested? Ten in a minute, whoever asks for them.

A test goes past the lanes, where a relay's own rate is kept, so it is counted here.
"""

from collections.abc import Sequence

from core.errors import TooOften
from core.moment import MINUTE, SECOND, Moment

MOST = 10


def within(before: Sequence[Moment], now: Moment) -> list[Moment]:
    """Return which tests count once there is one more now, or raise TooOften."""
    counted = [at for at in before if 0 <= now - at < MINUTE]
    if len(counted) >= MOST:
        left = -(-(counted[0] + MINUTE - now) // SECOND)
        raise TooOften(
            f"At most {MOST} test mails of an app in a minute; ask again in {left} s.", after=left
        )
    return [*counted, now]
