"""Until when is a conversation muted that somebody mutes for a while?"""

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.moment import HOUR, Moment

EVER: Moment = 253_402_300_799_000  # the end of the year 9999: until they say otherwise
_MORNING = time(8)


class Mute(StrEnum):
    """For how long somebody mutes a conversation; ``off`` ends it."""

    OFF = "off"
    HOUR = "hour"
    TOMORROW = "tomorrow"
    EVER = "ever"


def muted_until(choice: Mute, zone: ZoneInfo, now: Moment) -> Moment | None:
    """Return when it ends, None for a choice that ends it.

    Tomorrow begins at eight in the morning of the next day in the reader's zone, which is that day
    also for who chooses it after midnight. No zone has a gap there; where one had, the later side
    counts.
    """
    match choice:
        case Mute.OFF:
            return None
        case Mute.HOUR:
            return now + HOUR
        case Mute.EVER:
            return EVER
        case Mute.TOMORROW:
            today = datetime.fromtimestamp(now / 1000, UTC).astimezone(zone).date()
            morning = datetime.combine(today + timedelta(days=1), _MORNING, zone)
            return int(morning.timestamp() * 1000)
