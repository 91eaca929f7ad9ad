"""A patch changes what it names, and no more."""

import pytest

from core.rules.patching import merged, registered


@pytest.mark.parametrize(
    ("patch", "left"),
    [
        pytest.param({}, {"a": "1", "b": "2"}, id="an empty patch leaves all"),
        pytest.param({"b": "3", "c": "4"}, {"a": "1", "b": "3", "c": "4"}, id="what is given"),
        pytest.param({"a": None, "z": None}, {"b": "2"}, id="null removes a key, known or not"),
        pytest.param(None, {}, id="a null patch removes all of them"),
    ],
)
def test_custom_fields_are_patched(patch: dict[str, str | None] | None, left: object) -> None:
    """Key by key (talkjs-spec, 2.3)."""
    assert merged({"a": "1", "b": "2"}, patch) == left


@pytest.mark.parametrize(
    ("tokens", "patch", "left"),
    [
        pytest.param(None, {"fcm:1": True}, {"fcm:1": True}, id="the first"),
        pytest.param({"fcm:1": True}, {"fcm:2": True}, {"fcm:1": True, "fcm:2": True}, id="more"),
        pytest.param({"fcm:1": True, "b": True}, {"fcm:1": None}, {"b": True}, id="null"),
        pytest.param({"fcm:1": True, "b": True}, {"fcm:1": False}, {"b": True}, id="false"),
        pytest.param({"fcm:1": True}, {"fcm:1": None}, None, id="none is left"),
    ],
)
def test_push_tokens_are_registered(
    tokens: dict[str, bool] | None, patch: dict[str, bool | None], left: object
) -> None:
    """One by one; nobody's device is lost because another's is named."""
    assert registered(tokens, patch) == left
