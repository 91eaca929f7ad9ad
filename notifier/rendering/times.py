"""When was it said? A moment as its reader would write it: their language, their clock.

The formatters of a locale and zone are made once; what they wrote for a minute is remembered,
because the messages of a burst, and of a busy second, share their minutes.

The trap: CLDR separates "3:04" and "PM" by U+202F; a plain space keeps English mail in ASCII.
"""

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton, format_time
from babel.units import format_unit

_MINUTE = 60_000
_UNITS = (("megabyte", 1_000_000), ("kilobyte", 1_000))


@lru_cache(maxsize=1_024)
def zone(name: str) -> tzinfo:
    """Return a time zone by its IANA name, UTC if there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError only in name
        return UTC
    except KeyError:
        return UTC


def local_day(moment: int, time_zone: str) -> int:
    """Return which day it is there, as a number: a new number is a new day."""
    return _local(moment // _MINUTE, time_zone).toordinal()


def say_day(moment: int, locale: Locale, time_zone: str) -> str:
    """Return a day as "Tuesday, November 21" in words of the locale."""
    return _day(moment // _MINUTE, locale, time_zone)


def say_time(moment: int, locale: Locale, time_zone: str) -> str:
    """Return a time of day as "10:42" or "10:42 AM", with "UTC" if that is the zone."""
    return _time(moment // _MINUTE, locale, time_zone)


@lru_cache(maxsize=1_024)
def say_size(octets: int, locale: Locale) -> str:
    """Return a size as "1.2 MB" in words of the locale."""
    for unit, size in _UNITS:
        if octets >= size:
            return _unit(octets / size, unit, locale)
    return _unit(octets, "byte", locale)


def _unit(amount: float, unit: str, locale: Locale) -> str:
    rounded = round(amount, 1) if amount < 10 else round(amount)
    written = format_unit(rounded, f"digital-{unit}", length="short", locale=locale)
    return _plain(written)


@lru_cache(maxsize=8_192)
def _local(minute: int, time_zone: str) -> datetime:
    return datetime.fromtimestamp(minute * 60, zone(time_zone))


@lru_cache(maxsize=2_048)
def _day(minute: int, locale: Locale, time_zone: str) -> str:
    return _plain(format_skeleton("MMMMEEEEd", _local(minute, time_zone), locale=locale))


@lru_cache(maxsize=8_192)
def _time(minute: int, locale: Locale, time_zone: str) -> str:
    local = _local(minute, time_zone)
    written = _plain(format_time(local, "short", tzinfo=local.tzinfo, locale=locale))
    return f"{written} UTC" if local.tzinfo is UTC else written


def _plain(text: str) -> str:
    """Use the plain space where CLDR uses narrow or no-break ones."""
    return text.replace("\u202f", " ").replace("\xa0", " ")
