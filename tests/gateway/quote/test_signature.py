"""A signature is folded where it is one, and prose below a line is not."""

import pytest

from gateway.mail.body import Body
from gateway.quote.extract import extract

QUOTE = "\n\nOn Tue, Jun 3, 2025 at 10:15 AM Ada <ada@example.net> wrote:\n> old\n"


@pytest.mark.parametrize(
    "signature",
    [
        pytest.param("-- \nKim\nBuyer\n+49 30 123456", id="RFC 3676"),
        pytest.param("--\nrick", id="without the space"),
        pytest.param("\u1427", id="a tracker's dot, which is a letter"),
        pytest.param("Sent from my iPhone", id="iPhone"),
        pytest.param("Von meinem iPhone gesendet", id="German"),
        pytest.param("Lähetetty iPhonesta", id="an inflected product"),
        pytest.param("iPhoneから送信", id="no spaces"),
        pytest.param("從我的 iPhone 傳送", id="Chinese"),
        pytest.param("أُرسلت من الـ iPhone", id="with vowel signs"),
        pytest.param("Hent Outlook til iOS<https://aka.ms/o0ukef>", id="Outlook in Danish"),
        pytest.param("Sent from Mailspring, the best free email app for work", id="advertisement"),
        pytest.param("Jim Smith | Enrollment Manager\nXYZ Corp", id="a card"),
        pytest.param(
            "This e-mail may contain confidential information and is intended only for Kim.",
            id="legal text",
        ),
        pytest.param(
            "_____________\nlist mailing list\nhttps://lists.example.org/l", id="list footer"
        ),
    ],
)
@pytest.mark.parametrize("after", ["", QUOTE], ids=["last", "above a quote"])
def test_a_signature_is_folded(signature: str, after: str) -> None:
    """Only what was written stays."""
    reply = extract(Body(text=f"Yes, we come on Friday.\n\n{signature}{after}"))

    assert reply.text == "Yes, we come on Friday."


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "Sent from my desk, not from the phone, so I can type.", id="a clause follows"
        ),
        pytest.param("The parcel was sent from Hamburg on Friday.", id="a sentence"),
        pytest.param("- first\n- second\n\n--\n\nand one remark that matters to me.", id="a line"),
        pytest.param(
            "Part one\n\n________________________________\n\nPart two, please read.", id="rule"
        ),
        pytest.param(
            "Best regards to your team, by the way.\n\nWith regards to it: no.", id="regards"
        ),
        pytest.param(
            "```\n--\nSent from my iPhone\n> x\n```\n\nWhat is it?", id="code is not touched"
        ),
        pytest.param("My number:\n+49 30 123456", id="a number that was asked for"),
    ],
)
def test_what_only_looks_like_a_signature_stays(text: str) -> None:
    """When in doubt the text stays."""
    assert extract(Body(text=text + QUOTE)).text == text
