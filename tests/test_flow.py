"""docs/flow.md tells the journeys as a trace of a real run shows them, room by room, in order."""

import re
from pathlib import Path

import rooms

FLOW = (Path(__file__).resolve().parents[1] / "docs/flow.md").read_text("utf-8")
ROW = re.compile(r"^\| \d+ \| `([a-z/_]+)` \|", re.MULTILINE)


def _told(heading: str) -> list[str]:
    """Return the rooms in the table under a heading."""
    section = FLOW.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return ROW.findall(section)


def _found(entries: dict[str, int]) -> list[str]:
    return [room for room in entries if room != rooms.VALUES]


async def test_a_reply_goes_the_way_the_page_tells() -> None:
    """From DATA to 250, and through no more than twelve rooms."""
    found = _found(await rooms.reply_rooms())

    assert found == _told("One reply comes in")
    assert len(found) <= 12


async def test_a_digest_goes_the_way_the_page_tells() -> None:
    """From claimed to settled, and through no more than ten rooms."""
    found = _found(await rooms.digest_rooms())

    assert found == _told("One digest goes out")
    assert len(found) <= 10
