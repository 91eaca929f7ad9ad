"""Is somebody looking at a conversation? A client that vanished may have."""

from typing import Any

import pytest

from core.model.session import UserSession
from core.rules.attention import Away, Looking, Unsure, attention

SAID, NOW = 1_000, 2_000


def a_page(**more: Any) -> UserSession:
    """Return a page that shows the conversation, and told so after the message."""
    given: dict[str, Any] = {
        "selected_conversation_id": "bike", "has_focus": True, "told_at": SAID, "expires_at": 3_000
    }  # fmt: skip
    return UserSession(app_id="shop", user_id="bo", id="tab", **(given | more))


@pytest.mark.parametrize(
    ("pages", "seen"),
    [
        pytest.param([], Away(), id="no page at all"),
        pytest.param([a_page()], Looking(), id="it told of itself since"),
        pytest.param([a_page(told_at=SAID - 1)], Unsure(3_000), id="silent since: ask again"),
        pytest.param(
            [a_page(told_at=0, expires_at=9_000), a_page(told_at=0)], Unsure(3_000),
            id="two are silent: the first end counts",
        ),
        pytest.param([a_page(told_at=0), a_page()], Looking(), id="one of two told"),
        pytest.param([a_page(has_focus=False)], Away(), id="behind another window"),
        pytest.param([a_page(selected_conversation_id="car")], Away(), id="another conversation"),
        pytest.param([a_page(expires_at=NOW)], Away(), id="it has ended"),
    ],
)  # fmt: skip
def test_looking_is_a_focused_page_that_told_since(pages: list[UserSession], seen: object) -> None:
    """Only a page that told of itself after the message has surely shown it."""
    assert attention(pages, "bike", SAID, NOW) == seen
