"""A time zone is one that there is, or what was meant is said."""

import time
from zoneinfo import available_timezones

import pytest

from gateway.http.bodies.time_zone import nearest_zone, time_zone

WRONG = [
    pytest.param("Mars/Olympus", "as Europe/Berlin", id="nowhere"),
    pytest.param("europe/berlin", "Europe/Berlin", id="small letters"),
    pytest.param("Berlin", "Europe/Berlin", id="a city"),
    pytest.param("Europe/Belrin", "Europe/Berlin", id="misspelt"),
    pytest.param("new york", "America/New_York", id="two words"),
    pytest.param("America/Sao Paulo", "America/Sao_Paulo", id="a blank"),
    pytest.param("us/pacific", "America/Los_Angeles", id="an old name"),
    pytest.param("asia/calcutta", "Asia/Kolkata", id="a city that has a new name"),
    pytest.param("+02:00", "Etc/GMT-2", id="an offset"),
    pytest.param("UTC-5", "Etc/GMT+5", id="an offset behind"),
    pytest.param("GMT+99", "as Europe/Berlin", id="an offset of nowhere"),
    pytest.param("../../etc/passwd", "as Europe/Berlin", id="a path"),
    pytest.param("posix/Europe/Berlin", "no IANA time zone", id="a folder of the machine's"),
    pytest.param("localtime", "no IANA time zone", id="the machine's own"),
    pytest.param("\u6771\u4eac", "as Europe/Berlin", id="in Japanese"),
    pytest.param("Europe/Berlin\n", "Europe/Berlin", id="a line end"),
    pytest.param("Europe", "no IANA time zone", id="a folder"),
]


@pytest.mark.parametrize(("given", "meant"), WRONG)
def test_what_is_no_zone_is_refused_with_the_nearest(given: str, meant: str) -> None:
    """In one sentence."""
    with pytest.raises(ValueError, match="no IANA time zone") as told:
        time_zone(given)

    assert meant in str(told.value)


def test_every_zone_there_is_is_taken() -> None:
    """As the machine names it, as CLDR does, and in the older names that browsers send."""
    machine = available_timezones() - {"localtime", "Factory"}
    older = {"Asia/Calcutta", "Europe/Kiev", "US/Pacific", "America/Buenos_Aires", "UTC", "GMT"}

    kept = {name: time_zone(name) for name in machine | older}

    assert {name for name in machine if kept[name] != name} == set()


@pytest.mark.parametrize("given", [str(one.values[0]) for one in WRONG])
def test_it_is_judged_in_bounded_time(given: str) -> None:
    """Cut in the middle, doubled, and behind a megabyte of other text."""
    began = time.perf_counter()
    for each in (given[: len(given) // 2], given * 2, "x" * (1 << 20) + given):
        nearest_zone(each)

    assert time.perf_counter() - began < 1
