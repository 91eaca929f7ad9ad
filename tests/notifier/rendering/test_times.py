"""Times as their reader writes them."""

import pytest

from notifier.rendering.times import face, say_size
from tests.support.digests import NOON


@pytest.mark.parametrize(
    ("locale", "zone", "day", "time"),
    [
        pytest.param("en_US", "America/New_York", "Fri, Nov 21", "7:00 AM", id="New York"),
        pytest.param("de", "Europe/Berlin", "Fr., 21. November", "13:00", id="Berlin"),
        pytest.param("ja", "Asia/Tokyo", "11月21日金曜日", "21:00", id="Tokyo"),
        pytest.param("en_GB", "Pacific/Auckland", "Saturday 22 November", "01:00", id="next day"),
        pytest.param("en_GB", "Mars/Base", "Friday 21 November", "12:00 UTC", id="no such zone"),
        pytest.param("en_GB", "../x", "Friday 21 November", "12:00 UTC", id="a path is no zone"),
    ],
)
def test_a_moment_there(locale: str, zone: str, day: str, time: str) -> None:
    """A moment is said by the reader's clock; if we know no zone we say UTC."""
    assert face(locale, zone).show(NOON) == (day, time)


@pytest.mark.parametrize(
    ("octets", "locale", "text"),
    [
        pytest.param(999, "en", "999 byte", id="bytes"),
        pytest.param(1_234_567, "en", "1.2 MB", id="megabytes"),
        pytest.param(1_234_567, "fr", "1,2 Mo", id="in French"),
        pytest.param(45_600, "de", "46 kB", id="kilobytes"),
    ],
)
def test_sizes(octets: int, locale: str, text: str) -> None:
    """A size is said in the reader's units."""
    assert say_size(octets, locale) == text
