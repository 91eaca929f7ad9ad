"""For which causes is an address suppressed, and for how long? ``data/suppression.toml``.

How long depends on what ends the trouble: a full mailbox is emptied within days, one that is gone
comes back seldom, and who called a mail junk must ask for mails again.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

_HEAD = (
    "# For how long an address is not written to",
    "",
    "Generated from `core/rules/data/suppression.toml`; do not edit. A suppression is about a",
    "mailbox of one app. `rejoinder suppression` lists, shows, adds and lifts them",
    "([how](operating.md#which-addresses-are-not-written-to)). *Several*: five mails in 30 days,",
    "on three days or more. What is not here, as a refusal that is about us or one that we do not",
    "understand, never counts against an address.",
    "",
    "| cause | it means | it takes | it lasts | it ends | source |",
    "|---|---|---|---|---|---|",
)

COMPLAINT = "complaint"


class After(StrEnum):
    """What it takes: one mail that came to nothing, several, or a person's word."""

    ONCE = "once"
    OFTEN = "often"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Term:
    """How long one cause suppresses an address, in days (None: until lifted), and why so long."""

    cause: str
    after: After
    days: int | None
    means: str
    ends: str
    source: str


@cache
def terms() -> Mapping[str, Term]:
    """Return the term of each cause that says something of an address, by its name."""
    text = (resources.files("core.rules") / "data" / "suppression.toml").read_text("utf-8")
    rows = tomllib.loads(text)["cause"]
    return {
        row["name"]: Term(
            row["name"],
            After(row["after"]),
            row.get("days"),
            row["means"],
            row["ends"],
            row["source"],
        )
        for row in rows
    }


def markdown() -> str:
    """Write the terms as a page for operators."""
    told = ("one mail that came to nothing", "several, on several days", "somebody's word")
    when = dict(zip(After, told, strict=True))
    rows = []
    for one in terms().values():
        lasts = "until lifted" if one.days is None else f"{one.days} days"
        cells = (f"`{one.cause}`", one.means, when[one.after], lasts, one.ends, one.source)
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join((*_HEAD, *rows, ""))
