"""What stays of an event's data when a person is erased? What others said, without a trace of them.

The data is as talkjs-spec, 3.4, has it, and as ``core/actions/describe`` gathers it. An event that
holds a word of theirs, or is about them, goes whole; from any other they are taken out: from among
the participants of its conversation, and of those who read or reacted to its messages.
"""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


def redacted(data: Mapping[str, Any], user_id: str) -> Json | None:
    """Return an event's data without a user of the app, or None if nothing of it may stay."""
    messages = [data.get("message"), *(data.get("messages") or ())]
    people = [data.get(role) for role in ("sender", "recipient", "user")]
    if any(one and one.get("senderId") == user_id for one in messages):
        return None
    if any(one and one.get("id") == user_id for one in people):
        return None
    left = dict(data)
    if data.get("conversation"):
        left["conversation"] = _conversation(data["conversation"], user_id)
    if data.get("message"):
        left["message"] = _message(data["message"], user_id)
    if data.get("messages"):
        left["messages"] = [_message(one, user_id) for one in data["messages"]]
    return left


def _conversation(shape: Json, user_id: str) -> Json:
    there = shape.get("participants") or {}
    return shape | {"participants": {name: one for name, one in there.items() if name != user_id}}


def _message(shape: Json, user_id: str) -> Json:
    reacted = {
        emoji: [name for name in names if name != user_id]
        for emoji, names in (shape.get("reactions") or {}).items()
    }
    return shape | {
        "readBy": [name for name in shape.get("readBy") or () if name != user_id],
        "reactions": {emoji: names for emoji, names in reacted.items() if names},
    }
