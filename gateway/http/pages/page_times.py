"""How is a moment written on a page? As its reader's language and zone do."""

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from markupsafe import Markup, escape

from core.moment import Moment
from core.translations import Catalogue


def zone_of(*names: str | None) -> ZoneInfo:
    """Return the first of these zones that there is, else UTC; names of before were not checked."""
    for name in names:
        with suppress(
            KeyError, ValueError, OSError
        ):  # not found is a KeyError, a folder an OSError
            return ZoneInfo(name or "")
    return ZoneInfo("UTC")


def time_in(moment: Moment, zone: ZoneInfo, words: Catalogue) -> Markup:
    """Return a moment by the reader's clock: "14 November 2023, 22:13"."""
    local = datetime.fromtimestamp(moment / 1000, UTC).astimezone(zone)
    day = format_date(local.date(), "long", locale=words.locale)
    clock = format_time(local.time(), "short", locale=words.locale)
    return Markup(escape(f"{day}, {clock}"))  # noqa: S704  (escaped)
