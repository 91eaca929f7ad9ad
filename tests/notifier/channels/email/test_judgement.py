"""Which outcome a reply makes, as a table."""

import pytest

from core.outcome import Accepted, Cause, Deferred, Failed, Outcome, PeerReply
from notifier.channels.email.judgement import judge, judge_before_mail


def said(code: int, enhanced: str | None = None, words: str = "") -> PeerReply:
    """Return what a peer said."""
    return PeerReply(code, enhanced, words)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        pytest.param(said(250), Accepted(said(250)), id="yes"),
        pytest.param(said(251), Accepted(said(251)), id="yes, forwarded"),
        pytest.param(said(450), Deferred(Cause.BUSY, said(450)), id="not now"),
        pytest.param(said(421), Deferred(Cause.BUSY, said(421), whole_lane=True), id="nobody now"),
        pytest.param(said(550), Failed(Cause.OTHER, said(550)), id="never"),
        pytest.param(
            said(550, "5.7.26"),
            Deferred(Cause.SENDER_REPUTATION, said(550, "5.7.26")),
            id="never, but it is our DNS: the mail waits",
        ),
        pytest.param(
            said(554, "5.7.1", "relay access denied"),
            Deferred(
                Cause.RELAY_REFUSES, said(554, "5.7.1", "relay access denied"), whole_lane=True
            ),
            id="never, but it is our relay: all mail waits",
        ),
        pytest.param(said(354), Deferred(Cause.OTHER, said(354)), id="no final word at all"),
    ],
)
def test_a_final_word_is_judged(reply: PeerReply, outcome: Outcome) -> None:
    """4yz defers, 5yz fails, and what is our own fault waits."""
    assert judge(reply) == outcome


@pytest.mark.parametrize(
    ("reply", "cause"),
    [
        pytest.param(said(554), Cause.RELAY_REFUSES, id="no service for us"),
        pytest.param(said(421), Cause.BUSY, id="too many of us"),
        pytest.param(said(535, "5.7.8"), Cause.AUTHENTICATION, id="a wrong password"),
    ],
)
def test_a_refusal_to_talk_fails_no_mail(reply: PeerReply, cause: Cause) -> None:
    """What is said before any mail is said of none."""
    assert judge_before_mail(reply) == Deferred(cause, reply, whole_lane=True)
