"""Replies as peers write them."""

import pytest

from core.outcome import PeerReply
from notifier.channels.email.smtp_client.peer_reply import peer_reply


@pytest.mark.parametrize(
    ("text", "enhanced", "words"),
    [
        pytest.param("OK", None, "OK", id="words alone"),
        pytest.param("5.1.1 No such user", "5.1.1", "No such user", id="an enhanced code"),
        pytest.param("5.7.515", "5.7.515", "", id="an enhanced code alone"),
        pytest.param(
            "5.7.1 Our rules\n5.7.1 forbid it",
            "5.7.1",
            "Our rules forbid it",
            id="several lines, each with the code",
        ),
        pytest.param("192.0.2.1 is bad", None, "192.0.2.1 is bad", id="a number that is none"),
        pytest.param("a\x00b\tc\x1b[31m", None, "a b c [31m", id="what no screen should be shown"),
        pytest.param("caf\udce9", None, "caf\ufffd", id="octets that are no UTF-8"),
        pytest.param("x" * 900, None, "x" * 500, id="more than anybody reads"),
        pytest.param("", None, "", id="nothing"),
    ],
)
def test_a_reply_is_read(text: str, enhanced: str | None, words: str) -> None:
    """Code and words are told apart, and the words can be stored and shown."""
    assert peer_reply(550, text) == PeerReply(550, enhanced, words)
