"""When was it said? A moment as its reader would write it: their language, their clock.

The face of a locale and zone is made once; what it showed for a minute is remembered, because
the messages of a burst, and of a busy second, share their minutes.

The trap: CLDR separates "3:04" and "PM" by U+202F; a plain space keeps English mail in ASCII.
"""

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton, format_time
from babel.units import format_unit

_MINUTE = 60_000
_REMEMBERED = 1_024  # minutes a face
_UNITS = (("megabyte", 1_000_000), ("kilobyte", 1_000))


class Shown(NamedTuple):
    """A minute there: "Fri, Nov 21" and "3:04 PM", with "UTC" if that is the zone."""

    day: str
    time: str


class Face:
    """What shows the time to a reader: their locale and their zone."""

    def __init__(self, locale: Locale, zone: tzinfo) -> None:
        """Make a face that remembers what it showed."""
        self._locale = locale
        self._zone = zone
        self._minute = lru_cache(maxsize=_REMEMBERED)(self._show)

    def show(self, moment: int) -> Shown:
        """Return the day and the time of a moment, in words of the locale."""
        return self._minute(moment // _MINUTE)

    def _show(self, minute: int) -> Shown:
        local = datetime.fromtimestamp(minute * 60, self._zone)
        day = _plain(format_skeleton("MMMMEEEEd", local, locale=self._locale))
        time = _plain(format_time(local, "short", tzinfo=self._zone, locale=self._locale))
        return Shown(day, f"{time} UTC" if self._zone is UTC else time)


@lru_cache(maxsize=1_024)
def face(locale: str, time_zone: str) -> Face:
    """Return the face for a locale, as Babel writes it, and a zone by its IANA name."""
    return Face(Locale.parse(locale), _zone(time_zone))


@lru_cache(maxsize=1_024)
def say_size(octets: int, locale: str) -> str:
    """Return a size as "1.2 MB" in words of the locale."""
    for unit, size in _UNITS:
        if octets >= size:
            return _unit(octets / size, unit, locale)
    return _unit(octets, "byte", locale)


def _zone(name: str) -> tzinfo:
    """Return a time zone, UTC if there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not found is a KeyError, a folder an OSError
        return UTC


def _unit(amount: float, unit: str, locale: str) -> str:
    rounded = round(amount, 1) if amount < 10 else round(amount)
    return _plain(format_unit(rounded, f"digital-{unit}", length="short", locale=locale))


def _plain(text: str) -> str:
    """Use the plain space where CLDR uses narrow or no-break ones."""
    return text.replace("\u202f", " ").replace("\xa0", " ")
