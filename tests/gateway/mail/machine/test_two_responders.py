"""Two auto-responders answer each other: read, judged, cut and counted as the gateway does."""

from dataclasses import dataclass, field, replace

import pytest

from core.moment import MINUTE, SECOND, Millis
from core.rules import loop_detector
from core.rules.loop_detector import Fingerprint
from gateway.mail import machine
from gateway.mail.envelope import Envelope
from gateway.mail.parse import parse
from gateway.quote.extract import extract
from gateway.quote.sent import Sent
from tests.corpus.machine import samples
from tests.corpus.machine.letter import Letter, octets

NOW = 1_772_500_000_000
LANGUAGES = dict(samples.languages())


@dataclass(slots=True)
class Responder:
    """A program that answers every mail alike: with ``text``, and perhaps the mail below it."""

    text: str
    quotes: bool
    said: list[Fingerprint] = field(default_factory=list)

    def answer(self, digest: str, number: int) -> bytes:
        """Answer a digest without a header that tells what this is."""
        below = "\n\n" + "\n".join(f"> {line}" for line in digest.split("\n"))
        text = self.text.replace("48213", str(48213 + number)) + (below if self.quotes else "")
        return octets(
            Letter(f"{number}", ("Sam", "sam@harbour.example"), "Re: Delivery to the pier", text)
        )


def digest_of(text: str) -> str:
    """Write what the notifier would send of a message."""
    return f"Reply above this line\nNew messages in this conversation\n\n{text}\n\nOpen it"


def read(raw: bytes, digest: str) -> str:
    """Read an answer as the gateway does; no header and no subject gives it away."""
    mail = parse(raw)

    assert machine.judge(mail, Envelope("sam@harbour.example", ())) is None
    return extract(mail.body, Sent(text=digest, marker="Reply above this line")).text


def correspond(one: Responder, other: Responder, answers_after: Millis) -> int:
    """Let them answer each other until a mail is not posted; return how many mails came."""
    at, digest = NOW, digest_of("Could you look at the crates by the pier?")
    for number in range(50):
        responder = (one, other)[number % 2]
        at += 2 * MINUTE + answers_after
        text = read(responder.answer(digest, number), digest)
        new = loop_detector.fingerprint(at, text, heard=at)
        verdict = loop_detector.judge(new, responder.said)
        responder.said.append(replace(new, stopped=verdict is not None))
        if verdict is not None:
            return number + 1
        digest = digest_of(text)
    return 50


@pytest.mark.parametrize(
    ("answers_after", "quotes"),
    [
        pytest.param(2 * SECOND, False, id="at once"),
        pytest.param(10 * MINUTE, True, id="later, with the digest below"),
    ],
)
@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_p5_02_a_vacation_and_a_ticket_system_end_within_three_mails(
    code: str, answers_after: Millis, *, quotes: bool
) -> None:
    """Nothing gives them away but what they say: the third mail is the last."""
    words = LANGUAGES[code]
    vacation = Responder(words["away_text"], quotes)
    tickets = Responder(f"{words['ticket']}.\n\n{words['ticket_text']}", quotes)

    assert correspond(vacation, tickets, answers_after) <= 3
    assert correspond(replace(tickets, said=[]), replace(vacation, said=[]), answers_after) <= 3
