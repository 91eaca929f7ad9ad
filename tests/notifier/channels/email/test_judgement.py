"""Which outcome a reply makes, as a table."""

import pytest

from core.outcome import Accepted, Cause, Deferred, Failed, Outcome, PeerReply
from notifier.channels.email.judgement import judge, judge_before_mail, judge_mail_from


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


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        pytest.param(
            said(550, "5.1.1", "No such user"),
            Deferred(Cause.RELAY_REFUSES, said(550, "5.1.1", "No such user"), whole_lane=True),
            id="nobody, says it, but it was told of us alone",
        ),
        pytest.param(
            said(552, "5.2.2", "Over quota"),
            Deferred(Cause.RELAY_REFUSES, said(552, "5.2.2", "Over quota"), whole_lane=True),
            id="whose quota? Nobody's but ours",
        ),
        pytest.param(
            said(550, "5.7.1", "No, because"),
            Deferred(Cause.RELAY_REFUSES, said(550, "5.7.1", "No, because"), whole_lane=True),
            id="words that nobody knows",
        ),
        pytest.param(
            said(550, "5.7.1", "SPF says no"),
            Deferred(Cause.SENDER_REPUTATION, said(550, "5.7.1", "SPF says no"), whole_lane=True),
            id="our DNS, before any reader: all mail waits",
        ),
        pytest.param(
            said(452, "4.3.1", "Insufficient system storage"),
            Deferred(Cause.BUSY, said(452, "4.3.1", "Insufficient system storage")),
            id="its disk is full, no mailbox",
        ),
        pytest.param(
            said(451, "4.4.3", "cannot look up the sender's domain"),
            Deferred(Cause.BUSY, said(451, "4.4.3", "cannot look up the sender's domain")),
            id="the sender's domain, not the reader's",
        ),
        pytest.param(
            said(452, "4.5.3", "Daily message limit exceeded"),
            Deferred(Cause.SENDER_QUOTA, said(452, "4.5.3", "Daily message limit exceeded"), True),
            id="our quota in 4yz words",
        ),
        pytest.param(
            said(552, "5.3.4", "Message size exceeds fixed limit"),
            Failed(Cause.CONTENT, said(552, "5.3.4", "Message size exceeds fixed limit")),
            id="the size of this mail alone (RFC 1870, 6)",
        ),
        pytest.param(
            said(421, "4.3.2", "closing"),
            Deferred(Cause.BUSY, said(421, "4.3.2", "closing"), whole_lane=True),
            id="nobody now",
        ),
    ],
)
def test_a_refusal_of_mail_from_is_about_us(reply: PeerReply, outcome: Outcome) -> None:
    """MAIL FROM names nobody but us, so no reader is blamed and no mail fails for it."""
    assert judge_mail_from(reply) == outcome


def test_too_much_at_a_time_is_not_for_ever() -> None:
    """A reader who gets too much just now gets it later, though the code says never."""
    reply = said(550, "5.2.121", "Recipient's per hour message receive limit exceeded")

    assert judge(reply) == Deferred(Cause.BUSY, reply)


def test_a_full_disk_in_place_of_a_greeting_is_no_full_mailbox() -> None:
    """What would count against a reader cannot be said before one is named."""
    reply = said(452, "4.2.2", "full")

    assert judge_before_mail(reply) == Deferred(Cause.BUSY, reply, whole_lane=True)
