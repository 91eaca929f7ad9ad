"""Of an event stays what others said, without a trace of who was erased."""

from typing import Any

import pytest

from core.rules.redaction import redacted

SAID: dict[str, Any] = {"senderId": "ann", "readBy": [], "reactions": {}}
ROOM: dict[str, Any] = {"id": "bo", "participants": {"ann": {}, "cy": {}}}


@pytest.mark.parametrize("data", [
    pytest.param({"message": SAID | {"senderId": "bo"}, "sender": None}, id="they said it"),
    pytest.param({"messages": [SAID, SAID | {"senderId": "bo"}]}, id="they said some of it"),
    pytest.param({"message": SAID, "sender": {"id": "bo"}}, id="they are its sender"),
    pytest.param({"message": SAID, "recipient": {"id": "bo"}}, id="they are told of it"),
    pytest.param({"user": {"id": "bo", "name": "Bo"}}, id="it is about them"),
])  # fmt: skip
def test_what_is_theirs_goes_whole(data: dict[str, Any]) -> None:
    """An event that holds their words, or their name, is told no more."""
    assert redacted(data, "bo") is None


@pytest.mark.parametrize(("data", "left"), [
    pytest.param(
        {"conversation": ROOM | {"participants": {"ann": {}, "bo": {}, "cy": {}}}, "message": SAID},
        {"conversation": ROOM, "message": SAID}, id="a conversation they were in",
    ),
    pytest.param(
        {"messages": [SAID | {"readBy": ["bo"], "reactions": {"👍": ["bo", "ann"], "👀": ["bo"]}}]},
        {"messages": [SAID | {"reactions": {"👍": ["ann"]}}]}, id="a message they read",
    ),
    pytest.param(
        {"message": SAID, "sender": {"id": "ann", "name": "bo"}, "conversation": None},
        {"message": SAID, "sender": {"id": "ann", "name": "bo"}, "conversation": None},
        id="somebody else of their name",
    ),
    pytest.param({"recipient": None, "address": "x"}, {"recipient": None, "address": "x"}, id="no"),
])  # fmt: skip
def test_from_what_others_said_they_are_taken_out(
    data: dict[str, Any], left: dict[str, Any]
) -> None:
    """The rest stays as it was."""
    assert redacted(data, "bo") == left
