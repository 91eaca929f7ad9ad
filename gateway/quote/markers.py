"""What does an HTML element say about the text inside it?

Clients mark quotes, reply headers and signatures with classes, ids and attributes of their own.
Which ones is data (``data/markers.toml``); this file only looks them up, in constant time for the
exact ones, so that an element costs the same whatever stands in the list.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from gateway.quote.words import load


class Effect(StrEnum):
    """What a marker makes of its element; data/markers.toml explains each."""

    QUOTE = "quote"
    CONTAINER = "container"
    ATTRIBUTION = "attribution"
    TAIL = "tail"
    SIGNATURE = "signature"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Marker:
    """One marker of one client."""

    name: str
    effect: Effect
    # A tail found by its looks alone must be followed by a reply header to count.
    needs_header: bool = False


@dataclass(frozen=True, slots=True)
class _Index:
    """The markers by how they are found."""

    tags: dict[str, Marker] = field(default_factory=dict)
    exact: dict[tuple[str, str], Marker] = field(default_factory=dict)
    attributes: frozenset[str] = frozenset()  # those of which one value is meant
    names: frozenset[str] = frozenset()  # all that are looked at
    parts: dict[str, list[tuple[str, Marker]]] = field(default_factory=dict)


def marker_of(tag: str, attributes: Mapping[str, str | None]) -> Marker | None:
    """Return the marker an element carries, or None."""
    index = _index()
    if tag in index.tags:
        return index.tags[tag]
    for name, value in attributes.items():
        if value and name in index.names and (found := _by_attribute(index, name, value)):
            return found
    return None


def _by_attribute(index: _Index, name: str, value: str) -> Marker | None:
    """Look one attribute up, as a whole and in its parts."""
    if name == "class":
        for token in value.split():
            if found := index.exact.get(("class", token)):
                return found
    elif name in index.attributes and (found := index.exact.get((name, value.strip()))):
        return found
    if name in index.parts:
        text = value.lower().replace(": ", ":") if name == "style" else value
        for part, marker in index.parts[name]:
            if part in text:
                return marker
    return None


@cache
def _index() -> _Index:
    """Sort the data by how each marker is found."""
    exact: dict[tuple[str, str], Marker] = {}
    parts: dict[str, list[tuple[str, Marker]]] = {}
    for row in load("markers")["marker"]:
        how, value = str(row["match"]), str(row["value"])
        marker = Marker(str(row["name"]), Effect(row["effect"]), needs_header=how == "style-part")
        if how == "data":
            attribute, _, wanted = value.partition("=")
            exact[attribute, wanted] = marker
        elif how.endswith("-part"):
            parts.setdefault(how.removesuffix("-part"), []).append((value, marker))
        else:
            exact[how, value] = marker
    attributes = frozenset(name for name, _ in exact)
    tags = {value: marker for (how, value), marker in exact.items() if how == "tag"}
    return _Index(tags, exact, attributes, attributes.union(parts), parts)
