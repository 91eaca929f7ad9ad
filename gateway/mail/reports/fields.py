"""Which fields does a block of a report have? "Name: value" lines, as mail headers are written.

The trap: reports are broken more often than mails are. Blocks lack the empty line between them,
fields stand in the middle of prose, continuation lines are not indented. So a block begins where
a field that opens one is seen again, and a line that is no field continues the one before it.
"""

import re
from collections.abc import Mapping

Fields = Mapping[str, str]

_LINE = re.compile(r"[ \t>]{0,8}([A-Za-z][A-Za-z0-9-]{2,40})[ \t]{0,4}:[ \t]*(.*)")
_MOST_LINES = 2_000
_LONGEST_LINE = 2_000
_LONGEST_VALUE = 2_000
_MOST_BLOCKS = 100


def blocks(text: str) -> list[Fields]:
    """Return the blocks of fields in a text, empty ones left out."""
    found: list[dict[str, str]] = [{}]
    last = ""
    for raw in text.splitlines()[:_MOST_LINES]:
        line = raw[:_LONGEST_LINE]
        field = _LINE.match(line) if not line.startswith((" ", "\t")) or not last else None
        if not line.strip():
            if found[-1]:
                found.append({})
            last = ""
        elif field is not None:
            last = field.group(1).lower()
            _put(found, last, field.group(2).strip())
        elif last and len(found[-1][last]) < _LONGEST_VALUE:
            found[-1][last] += " " + line.strip()
        if len(found) > _MOST_BLOCKS:
            break
    return [block for block in found if block]


def _put(found: list[dict[str, str]], name: str, value: str) -> None:
    """Add a field to the last block, or to a new one if it was said there already."""
    if name in found[-1]:
        if name not in ("final-recipient", "original-recipient", "action", "status"):
            return
        found.append({})
    found[-1][name] = value
