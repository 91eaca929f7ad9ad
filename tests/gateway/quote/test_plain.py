"""A text longer than anybody reads is read to a limit, and the rest is told."""

import pytest

from gateway.mail.body import Body
from gateway.quote.cutmap import Rule
from gateway.quote.extract import extract


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ok\n" * 30_000, id="too many lines"),
        pytest.param("ok\n" + "word " * 30 + "\n" + ("x" * 99 + "\n") * 12_000, id="too long"),
    ],
)
def test_what_is_beyond_the_limit_is_in_the_cut_map(text: str) -> None:
    """Kept, folded and unread lines together are still the whole text."""
    reply = extract(Body(text=text))

    assert "\n".join(cut.text for cut in reply.cuts) == text
    assert reply.cuts[-1].rule is Rule.LIMIT
    assert reply.confidence < 0.5
