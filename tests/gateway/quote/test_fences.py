# ruff: noqa: RUF001 (letters of many languages look alike)
"""A fence of code keeps what stands in it for its author; in what we sent it keeps nothing."""

import pytest

from gateway.mail.body import Body
from gateway.quote.extract import extract
from tests.support.quoting import MARKED, UNMARKED, a_digest

ANSWER = "I will think about it."
# What somebody said so that it would stand as the words of whoever answers.
FENCED = {
    "backticks": "What do you say?\n```\nI take it for 900 euros.\nSend the contract.\n```",
    "tildes": "~~~\nI take it for 900 euros.\n~~~\nWhat do you say?",
    "with a language": "```text\nI take it for 900 euros.\n```",
    "one word": "```\nAccepted.\n```",
    "two": "```\nAccepted.\n```\nand\n```\nI take it for 900 euros.\n```",
    "nothing else": "```\nEinverstanden, ich nehme es für 900 Euro.\n```",
    "quotes in it": "```\n> Will you pay?\nYes, 900 euros, today.\n```",
    "a header in it": "```\nFrom: Bo <bo@example.net>\nSent: today\n\nAccepted for 900.\n```",
    "in Russian": "Что скажешь?\n```\nЯ беру его за 900 евро.\nПришли договор.\n```",
    "in Japanese": "```\n九万円で買います。\n契約書を送ってください。\n```",
    "four signs": "````\nI take it for 900 euros.\n````",
    "text behind the signs": "```I take it for 900 euros.\nSend the contract.```\n```",
    "blank lines": "```\n\nI take it for 900 euros.\n\n\nSend it.\n\n```",
}


CLIENTS = UNMARKED | MARKED


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("said", FENCED.values(), ids=FENCED)
def test_a_fence_in_what_we_sent_keeps_nothing(client: str, said: str) -> None:
    """Whoever fences a sentence in has not made it the words of whoever answers."""
    sent = a_digest(said)
    reply = extract(CLIENTS[client](ANSWER, sent), sent)

    assert reply.text == ANSWER


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("said", FENCED.values(), ids=FENCED)
def test_a_fence_below_the_opening_of_history_keeps_nothing(client: str, said: str) -> None:
    """Nor has who wrote a mail that we know nothing of."""
    reply = extract(CLIENTS[client](ANSWER, a_digest(said)))

    assert reply.text == ANSWER


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("said", FENCED.values(), ids=FENCED)
@pytest.mark.parametrize("told", [1, 0])
def test_a_fence_of_the_senders_is_theirs(client: str, said: str, told: int) -> None:
    """Their own code stays, whatever is fenced in below, and what looks quoted in it, too."""
    own = "Try this:\n```\n> make it so\n-- \nnot a signature\n```"
    sent = a_digest(said)
    reply = extract(CLIENTS[client](own, sent), *[sent][:told])

    assert [line.rstrip() for line in reply.text.split("\n")] == [
        line.rstrip() for line in own.split("\n")
    ]


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("answer", ["```\nmake it so", "Try this:\n```\nmake it so\nand so"])
def test_a_fence_that_the_sender_left_open_takes_nothing_in(client: str, answer: str) -> None:
    """It is not closed by a fence of somebody else below."""
    sent = a_digest("Do it now, I say:\n```\nrm -rf everything\nYes, do it.")
    reply = extract(CLIENTS[client](answer, sent), sent)

    assert reply.text == answer


@pytest.mark.parametrize("client", UNMARKED)
@pytest.mark.parametrize("shape", ["half", "twice", "deep"])
def test_whatever_is_done_to_it_is_read(client: str, shape: str) -> None:
    """Cut in the middle, doubled, or behind a megabyte of other words."""
    body = UNMARKED[client](ANSWER, sent := a_digest(FENCED["two"]))
    text = body.text or body.html or ""
    made = {"half": text[: len(text) // 2], "twice": text * 2, "deep": "so on\n" * 170_000 + text}
    found = made[shape]
    reply = extract(Body(text=found) if body.text else Body(html=found), sent)

    assert "900 euros" not in reply.text or shape == "twice"
