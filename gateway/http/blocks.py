"""What do a message's content blocks say? Text, mentions, a place (talkjs-spec, 1.4).

Blocks are kept as they were given; only what we act on is read out of them, and whatever is not
as it should be says nothing.
"""

from typing import Any

from core import content_nodes
from core.content_nodes import MOST_NODES, Blocks, children_of, place_of
from core.content_text import as_text

__all__ = ("MOST_NODES", "MOST_TEXT", "Blocks", "has_file", "location", "mentions", "plain")

MOST_TEXT = 10_000


def plain(content: Blocks) -> str:
    """Return content blocks as plain text, all of it: points in lines, addresses after words."""
    return as_text(content_nodes.steps(content))


def mentions(content: Blocks) -> list[str]:
    """Return the ids of those who are mentioned."""
    return [
        node["id"]
        for node in _nodes(content)
        if isinstance(node, dict)
        and node.get("type") == "mention"
        and isinstance(node.get("id"), str)
    ]


def location(content: Blocks) -> list[float] | None:
    """Return the first place that is shared, as latitude and longitude."""
    for block in content:
        if block.get("type") == "location":
            place = place_of(block)
            if place is not None:
                return list(place)
    return None


def has_file(content: Blocks) -> bool:
    """Tell whether a block refers to an uploaded file."""
    return any(block.get("type") == "file" for block in content)


def _nodes(content: Blocks) -> list[Any]:
    """Return the text nodes of content blocks, in order, however they nest; bounded."""
    todo: list[Any] = [child for block in content for child in children_of(block)][::-1]
    found: list[Any] = []
    while todo and len(found) < MOST_NODES:
        node = todo.pop()
        found.append(node)
        if isinstance(node, dict):
            todo.extend(reversed(children_of(node)))
    return found
