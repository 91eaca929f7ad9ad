"""Two auto-responders that answer each other, with no header to give them away."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from core.moment import HOUR, MINUTE, SECOND, Millis, Moment
from core.rules.loop_detector import Fingerprint, fingerprint, judge

NOW: Moment = 1_772_500_000_000
AWAY = "I am away from my desk until {n} March. For urgent matters please call my colleague Ida."
TICKET = (
    "Thank you for writing to us. Your request #{n} was received at 1{n}:0{n} and will be read."
)
AWAY_JA = (
    "ただいま不在にしております。3月{n}日より順次ご返信いたしますので、よろしくお願いいたします。"
)
AWAY_HI = "मैं इस समय कार्यालय में नहीं हूँ और {n} मार्च को लौटने के बाद आपके संदेश का उत्तर दूँगा।"
CASE_DE = (
    "Vielen Dank, Ihre Anfrage ABC-{n} ist eingegangen. Wir melden uns innerhalb von zwei Tagen."
)
BRIEF = "Out of office until Monday {n}."


def always(text: str) -> Callable[[str, int], str]:
    """Return a responder that says one text, with a number that goes up."""
    return lambda incoming, number: text.format(n=number)


def echo(incoming: str, number: int) -> str:
    """Answer with what came in, so that no two answers are the same."""
    return f"Automatic answer no. {number}. We have received these words of yours: {incoming}"


@dataclass(slots=True)
class Party:
    """One side of the conversation: an auto-responder, and what the loop detector knows of it."""

    respond: Callable[[str, int], str]
    answers_after: Millis
    earlier: list[Fingerprint] = field(default_factory=list)


def correspond(parties: tuple[Party, Party], notified_after: Millis, *, timed: bool) -> list[str]:
    """Let two responders answer each other until one is not posted; return all their mails.

    A posted mail notifies the other side, which answers the notification. ``timed``: whether it
    is known which notification was answered.
    """
    mails: list[str] = []
    at, text = NOW, "Could you look at the crates by the pier?"
    for turn in range(50):
        party = parties[turn % 2]
        text = party.respond(text, turn)
        at += notified_after + party.answers_after
        mails.append(text)
        new = fingerprint(at, text, party.answers_after if timed else None, heard=turn)
        verdict = judge(new, party.earlier)
        party.earlier.append(replace(new, stopped=verdict is not None))
        if verdict is not None:
            break
    return mails


@pytest.mark.parametrize("notified_after", [0, 2 * MINUTE, 15 * MINUTE, 3 * HOUR])
@pytest.mark.parametrize("answers_after", [0, 2 * SECOND, 90 * SECOND, 20 * MINUTE])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(AWAY, TICKET, id="a vacation and a ticket system"),
        pytest.param(TICKET, AWAY, id="a ticket system and a vacation"),
        pytest.param(TICKET, CASE_DE, id="two ticket systems"),
        pytest.param(AWAY, AWAY, id="two on vacation with the same program"),
        pytest.param(AWAY_JA, CASE_DE, id="a vacation without spaces between words"),
        pytest.param(AWAY_HI, TICKET, id="a vacation in Hindi"),
    ],
)
def test_two_responders_end_within_three_mails(
    one: str, other: str, answers_after: Millis, notified_after: Millis
) -> None:
    """Without any header: the third mail is held, however slow they or we are."""
    parties = (Party(always(one), answers_after), Party(always(other), answers_after))

    mails = correspond(parties, notified_after, timed=False)

    assert len(mails) <= 3


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(always(BRIEF), id="a brief one"),
        pytest.param(echo, id="one that repeats what it was told"),
    ],
)
def test_timing_ends_what_texts_do_not(first: Callable[[str, int], str]) -> None:
    """Texts too brief to compare, or new each time, end with the other's, or with the third."""
    parties = (Party(first, 2 * SECOND), Party(always(TICKET), 2 * SECOND))

    mails = correspond(parties, 2 * MINUTE, timed=True)

    assert len(mails) <= 4


def test_even_without_timing_an_echo_ends() -> None:
    """A responder that never says the same ends with the one that does: one mail later."""
    parties = (Party(echo, 5 * MINUTE), Party(always(TICKET), 5 * MINUTE))

    assert len(correspond(parties, 2 * MINUTE, timed=False)) <= 4
