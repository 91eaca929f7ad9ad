"""The log says what was decided, and never a word of a mail."""

import pytest

from core.verdict import Accept, Defer, Discard, InsteadOfWords, Reason, Reject, Verdict
from gateway.answers.logged import logged


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        pytest.param(
            Reject(Reason.NOTHING_TO_SAY, InsteadOfWords.PICTURE),
            {"verdict": "reject", "reason": "nothing_to_say", "instead": "picture"},
            id="a refusal for want of words says what was there instead",
        ),
        pytest.param(
            Reject(Reason.TOO_BIG, "secret.pdf: more than 10 octets"),
            {"verdict": "reject", "reason": "too_big"},
            id="any other detail may be a word of the mail",
        ),
        pytest.param(
            Discard(Reason.CALENDAR, "answer"),
            {"verdict": "discard", "reason": "calendar", "rule": "answer"},
            id="a machine is told by a rule",
        ),
        pytest.param(
            Accept(Reason.POSTED, "rcp_1", "msg_1"),
            {"verdict": "accept", "reason": "posted", "receipt": "rcp_1", "message": "msg_1"},
            id="a reply has its ids",
        ),
        pytest.param(
            Defer(Reason.SENDER_UNCHECKED),
            {"verdict": "defer", "reason": "sender_unchecked"},
            id="what waits",
        ),
    ],
)
def test_a_verdict_is_logged_by_its_names(verdict: Verdict, told: dict[str, str]) -> None:
    """Closed lists and ids: nothing of what somebody wrote."""
    assert logged(verdict) == told
