"""The mail that asks an owner about a held reply says why the reply waits."""

import pytest

from core.address import Keyring
from core.model.held import AuthorProof, HeldReply
from core.verdict import Reason
from notifier.rendering.identity import Identity
from notifier.rendering.question import Question, question_of, question_page
from tests.support.bursts import a_burst, a_delivery
from tests.support.digests import a_digest
from tests.support.people import NOW

# ruff: noqa: RUF001  other scripts are what is tested
IDENTITY = Identity(
    Keyring({1: b"a key of more than sixteen octets"}, 1),
    "reply.test", "bounce.test", "list.test", "+", "n@reply.test", None, "https://x.example",
)  # fmt: skip

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


def test_it_says_that_the_address_only_looks_like_an_own_one() -> None:
    """Beside why it waits, and in each language; else not."""
    given = (a_digest(locale="en"), "bo@xn--exmple-4nf.net (exаmple.net)", "https://x.example")
    alike = question_page(Question(*given, looks_like_own=True)).news
    other = question_page(Question(*given)).news

    assert "from bo@xn--exmple-4nf.net" in alike
    assert alike.endswith("looks like one of yours, and is another one.")
    assert "looks like" not in other


ALIKE = ["bo@exаmple.net", "bо@example.net", "b0@example.net", "bo@examp1e.net", "bo@exämple.net"]


@pytest.mark.parametrize("sender", ALIKE)
def test_what_looks_like_an_own_address_is_not_offered_as_one(sender: str) -> None:
    """Though its domain has sent it: the mail has no link for that."""
    held = HeldReply(
        app_id="demo", id="hld_1", receipt_id="rcp_1", conversation_id="order-1", user_id="bo",
        sender=sender, reason="sender_mismatch", text="Yes.", proof=AuthorProof.PROVEN.value,
        reference=7, held_at=NOW,
    )  # fmt: skip
    burst = a_burst()
    burst.user.email = ["bo@example.net"]
    asked = question_of(held, burst, a_delivery(), IDENTITY)

    assert (asked.choices, asked.looks_like_own) == (("post", "not_me"), True)
