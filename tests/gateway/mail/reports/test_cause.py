"""A report that says that our limits at the relay are used up blames no reader."""

import pytest

from core.outcome import Cause, PeerReply
from gateway.mail.reports.cause import cause_of


@pytest.mark.parametrize(
    ("enhanced", "words", "cause"),
    [
        ("5.7.1", "Daily user sending quota exceeded", Cause.SENDER_QUOTA),
        ("5.2.2", "Submission quota exceeded", Cause.SENDER_QUOTA),
        ("5.4.5", "You have reached a limit for sending mail", Cause.SENDER_QUOTA),
        ("5.7.1", "Limite d'envoi atteinte", Cause.SENDER_QUOTA),
        ("4.7.0", "Throttling failure: Maximum sending rate exceeded", Cause.SENDER_RATE),
        ("5.2.2", "mailbox quota exceeded", Cause.QUOTA),
        ("5.2.2", "The recipient's mailbox is full", Cause.QUOTA),
        ("5.1.1", "No such user", Cause.INVALID_RECIPIENT),
    ],
)
def test_whose_limit_it_is(enhanced: str, words: str, cause: Cause) -> None:
    """The relay's limit for us, or the reader's mailbox: the words are much the same."""
    code = int(enhanced[0]) * 100 + 50

    assert cause_of(PeerReply(code, enhanced, words), "") is cause
