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
        pytest.param([a_page(active_at=SAID)], Looking(), id="somebody touched it just then"),
        pytest.param([a_page(active_at=SAID - 59_999)], Looking(), id="a moment ago"),
        pytest.param([a_page(active_at=SAID - 60_000)], Away(), id="a desktop left alone"),
        pytest.param([a_page(told_at=0, active_at=-90_000)], Away(), id="left alone, and silent"),
        pytest.param(
            [a_page(active_at=-90_000), a_page()], Looking(), id="one alone, before one they are"
        ),
        pytest.param([a_page(expires_at=NOW + 300_000)], Looking(), id="as long as any lives"),
        pytest.param(
            [a_page(expires_at=NOW + 300_001)], Away(), id="longer than any: the clock was set"
        ),
    ],
)  # fmt: skip
def test_looking_is_a_focused_page_that_told_since(pages: list[UserSession], seen: object) -> None:
    """Only a page that told of itself after the message has surely shown it."""
    assert attention(pages, "bike", SAID, NOW) == seen
