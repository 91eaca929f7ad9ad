"""Is a text a time zone of the IANA's database? If not, which one was meant?

A zone nobody knows would be shown as UTC, and nobody would be told. The trap: which names there
are is the machine's to know, and some install the old ones apart, which browsers still send. So
CLDR's list counts too, and of an old name that the machine lacks the new one is kept.
"""

import re
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.core import get_global

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,30}(?:/[A-Za-z0-9_+-]{1,30}){0,2}")
_NO_ZONES = frozenset({"localtime", "Factory", "posixrules"})
_OFFSET = re.compile(r"(?:UTC|GMT)?\s?([+-])0?(\d{1,2})(?::?00)?", re.IGNORECASE)
_FURTHEST = {"+": 14, "-": 12}  # hours that any zone is ahead, or behind
LONGEST = 32  # America/Argentina/ComodRivadavia
_EXAMPLE = "as Europe/Berlin"
_SHOWN = 60


def time_zone(text: str) -> str:
    """Return an IANA zone as it is kept. Raise ValueError with the nearest for what is none."""
    if len(text) > LONGEST:
        raise ValueError(f"must be at most {LONGEST} characters; it is written {_EXAMPLE}")
    new = get_global("zone_aliases").get(text)
    if _is_there(text):
        return text
    if new is not None:
        return str(new)
    if text in get_global("zone_territories"):
        return text
    near = nearest_zone(text)
    better = f"did you mean {near}?" if near else f"it is written {_EXAMPLE}"
    raise ValueError(f"{text[:_SHOWN]!r} is no IANA time zone; {better}")


def nearest_zone(text: str) -> str | None:
    """Return the zone that was meant: by its city, its offset, its spelling; or None."""
    if len(text) > _SHOWN:
        return None
    if (offset := _OFFSET.fullmatch(text.strip())) is not None:
        hours = int(offset[2])
        if hours > _FURTHEST[offset[1]]:
            return None
        # POSIX: the sign of Etc zones says how far UTC is from here, not here from UTC.
        return f"Etc/GMT{'-' if offset[1] == '+' else '+'}{hours}" if hours else "Etc/UTC"
    plain = "_".join(text.strip().lower().split())
    known = _by_spelling()
    if plain in known:
        return known[plain]
    near = get_close_matches(plain, known, n=1, cutoff=0.75)
    return known[near[0]] if near else None


def _is_there(name: str) -> bool:
    """Tell whether this machine knows a zone."""
    if name in _NO_ZONES or name.startswith(("posix/", "right/")) or not _NAME.fullmatch(name):
        return False
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not found is a KeyError, a folder an OSError
        return False
    return True


@lru_cache(maxsize=1)
def _by_spelling() -> dict[str, str]:
    """Return zones by their names in small letters, and by their cities."""
    zones = sorted(one for one in get_global("zone_territories") if "/" in one)
    aliases = {old.lower(): new for old, new in get_global("zone_aliases").items()}
    cities = {one.rpartition("/")[2].lower(): one for one in reversed(zones)}
    return cities | aliases | {one.lower(): one for one in zones}
