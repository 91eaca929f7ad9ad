"""Which headers do machines write? ``data/marks.toml``, made into rules.

Data and not code, because a new ticket system is a new line there. Each rule is a handful of
look-ups in what ``evidence`` has gathered.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from core.verdict import Reason
from gateway.mail.machine.evidence import MachineEvidence
from gateway.mail.machine.finding import Fate, MachineRule

_NEGATIVE = frozenset({"", "no", "none", "false", "0"})


@cache
def rules() -> Mapping[str, MachineRule]:
    """Return the rules of the file by name, in its order."""
    file = resources.files("gateway.mail.machine") / "data" / "marks.toml"
    return {one["name"]: _rule(one) for one in tomllib.loads(file.read_text("utf-8"))["mark"]}


def _rule(entry: dict[str, Any]) -> MachineRule:
    """Make a rule that holds if any of its headers has the value it asks for."""
    asked = {name: (wanted[0], _words(wanted)) for name, wanted in entry["headers"].items()}
    names = frozenset(asked)

    def matches(evidence: MachineEvidence) -> bool:
        if names.isdisjoint(evidence.headers):
            return False
        return any(
            _is(*asked[name], value)
            for name in names.intersection(evidence.headers)
            for value in evidence.values(name)
        )

    return MachineRule(entry["name"], Reason(entry["reason"]), Fate(entry["fate"]), matches)


def _words(wanted: str) -> frozenset[str]:
    return frozenset(wanted[1:].split("|"))


def _is(kind: str, words: frozenset[str], value: str) -> bool:
    """Tell whether a header's value, in lower case, is what a rule asks for."""
    match kind:
        case "=":
            return value in words
        case "~":
            return any(word in value for word in words)
        case _:
            return value not in _NEGATIVE
