"""What do a message's content blocks say? Text, mentions, a place (talkjs-spec, 1.4).

Blocks are kept as they were given; only what we act on is read out of them, and whatever is not
as it should be says nothing.
"""

import math
from typing import Any

Blocks = list[dict[str, Any]]
MOST_NODES = 5_000
MOST_TEXT = 10_000


def plain(content: Blocks) -> str:
    """Return content blocks as plain text, all of it."""
    pieces = []
    for node in _nodes(content):
        if isinstance(node, str):
            pieces.append(node)
        elif isinstance(node, dict) and isinstance(node.get("text"), str):
            at_sign = "@" if node.get("type") == "mention" else ""
            pieces.append(at_sign + node["text"])
    return "".join(pieces)


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
            place = [block.get("latitude"), block.get("longitude")]
            if all(_is_number(one) for one in place):
                return [float(one) for one in place if one is not None]
    return None


def has_file(content: Blocks) -> bool:
    """Tell whether a block refers to an uploaded file."""
    return any(block.get("type") == "file" for block in content)


def _is_number(one: Any) -> bool:
    return isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one)


def _nodes(content: Blocks) -> list[Any]:
    """Return the text nodes of content blocks, in order, however they nest; bounded."""
    todo: list[Any] = [child for block in content for child in _children(block)][::-1]
    found: list[Any] = []
    while todo and len(found) < MOST_NODES:
        node = todo.pop()
        found.append(node)
        if isinstance(node, dict):
            todo.extend(reversed(_children(node)))
    return found


def _children(node: Any) -> list[Any]:
    children = node.get("children") if isinstance(node, dict) else None
    return children if isinstance(children, list) else []
