"""The mail that asks an owner about a held reply says why the reply waits."""

import pytest

from core.verdict import Reason
from notifier.rendering.question import Question, question_page
from tests.support.digests import a_digest

ASKED = {
    Reason.AUTO_REPLY_SUBJECT: "Its subject is one that automatic replies have.",
    Reason.READ_RECEIPT: "Its subject is one that automatic replies have.",
    Reason.SENDER_MISMATCH: "That address is not one we know as yours.",
    Reason.SENDER_UNPROVEN: "It could not be proven that it really comes from that address.",
    Reason.MAILING_LIST: "It came through a mailing list.",
}


@pytest.mark.parametrize("reason", list(ASKED))
def test_it_says_why(reason: Reason) -> None:
    """In the sentence that tells of the reply, and in another language in other words."""
    english = Question(a_digest(locale="en"), "bo@example.net", "https://x.example", reason.value)
    german = Question(a_digest(locale="de"), "bo@example.net", "https://x.example", reason.value)

    assert question_page(english).news.endswith(f"so it has not been posted. {ASKED[reason]}")
    assert ASKED[reason] not in question_page(german).news
