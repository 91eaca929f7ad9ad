"""Which wordings are known? ``data/subjects.toml``, folded for comparison."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from gateway.mail.machine.comparison import fold


@cache
def phrases(group: str) -> tuple[str, ...]:
    """Return the phrases of a group in all languages, folded, longest first."""
    folded = {_folded(phrase) for some in _table()[group].values() for phrase in some}
    return tuple(sorted(folded, key=len, reverse=True))


def _folded(phrase: str) -> str:
    """Fold a phrase; a blank before it is part of it."""
    return " " * phrase.startswith(" ") + fold(phrase)


@cache
def _table() -> Mapping[str, Mapping[str, list[str]]]:
    file = resources.files("gateway.mail.machine") / "data" / "subjects.toml"
    return tomllib.loads(file.read_text("utf-8"))
