"""Forged mail in bulk, and the one question after it: did anybody get a mail because of it?

A thousand mails to a reply address that is alive, each with a sender of its own; a third name its
owner as their author and fail DMARC. Then bounces, guesses and relay attempts, 200 of each. Every
header that asks for an answer names the forged sender.
"""

import asyncio
import contextlib
import itertools
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from caller import Caller, code

OWNER = "bo@example.net"
HONEST, CALLERS = "198.51.100.7", 8
TEXTS = {
    "example.net": f"v=spf1 ip4:{HONEST} -all",
    "_dmarc.example.net": "v=DMARC1; p=reject",
}
ABROAD = "abroad.example"
RIGHT, OTHERS = "the owner's, DMARC fails", "others'"
NULL, GUESSED = "null reverse-path", "to guessed addresses"
OPERATOR, RELAY = "to postmaster", "to be relayed"
MUST: dict[str, tuple[str, ...]] = {  # what each may be answered
    RIGHT: ("250 2.0.0", "550 5.7.26"),  # held, and refused once a hundred wait
    OTHERS: ("250 2.0.0", "550 5.7.1"),
    NULL: ("250 2.0.0", "550 5.7.1"),
    GUESSED: ("550 5.1.1",),
    OPERATOR: ("250 2.0.0", "452 4.2.2"),
    RELAY: ("550 5.7.1", "550 5.1.1"),
}


@dataclass(frozen=True, slots=True)
class Forged:
    """One mail: what kind it is, where it goes, who it says it is."""

    kind: str
    number: int
    to: str
    author: str
    reverse_path: str

    @property
    def peer(self) -> str:
        """The address it comes from, of a network that is nobody's (RFC 5737)."""
        return f"203.0.113.{1 + self.number % 250}"

    def content(self) -> str:
        """Write the mail as it goes over the line."""
        forged = f"forged-{self.number}@{ABROAD}"
        asks = ("Reply-To", "Sender", "Errors-To", "Return-Receipt-To")
        return "".join(
            (
                f"From: Bo <{self.author}>\r\nTo: <{self.to}>\r\nSubject: Re: x\r\n",
                *(f"{name}: <{forged}>\r\n" for name in asks),
                f"Disposition-Notification-To: <{forged}>\r\n",
                f"Message-ID: <{self.number}@{ABROAD}>\r\n\r\n",
                f"Forged words, number {self.number}.\r\n.",
            )
        )


@dataclass(slots=True)
class Flood:
    """What became of all of it."""

    answers: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, kind: str, answer: bytes) -> None:
        """Count an answer."""
        self.answers.setdefault(kind, Counter())[code(answer)] += 1

    def wrong(self, kind: str) -> int:
        """Return how many of a kind were answered as they must not be."""
        return sum(n for said, n in self.answers[kind].items() if said not in MUST[kind])


def forgeries(address: str, guesses: Iterator[str]) -> list[Forged]:
    """Return all mails. ``guesses``: addresses nobody has."""
    made: list[Forged] = []

    def add(kind: str, to: str, *, author: str = "", path: str | None = None) -> None:
        number = len(made)
        forged = f"forged-{number}@{ABROAD}"
        made.append(Forged(kind, number, to, author or forged, forged if path is None else path))

    for number in range(1_000):
        if number % 3:
            add(OTHERS, address)
        else:
            add(RIGHT, address, author=OWNER)
    for _ in range(200):
        add(NULL, address, path="")
        add(GUESSED, next(guesses))
    domain = address.rpartition("@")[2]
    abroad = itertools.cycle(
        (
            f"victim@{ABROAD}",
            f"victim%{ABROAD}@{domain}",
            f'"victim@{ABROAD}"@{domain}',
            f"@{domain}:victim@{ABROAD}",
            f"{ABROAD}!victim@{domain}",
        )
    )
    for _ in range(100):
        add(OPERATOR, f"postmaster@{domain}")
        add(RELAY, next(abroad))
    return made


async def flood(port: int, mails: list[Forged]) -> Flood:
    """Offer all, each in a connection of its own, a few at a time."""
    loop = asyncio.get_running_loop()
    result = Flood()
    with ThreadPoolExecutor(CALLERS) as callers:
        tries = [loop.run_in_executor(callers, _offered, port, mail) for mail in mails]
        for mail, answer in zip(mails, await asyncio.gather(*tries), strict=True):
            result.add(mail.kind, answer)
    return result


def honest(port: int, address: str) -> bytes:
    """Offer a mail of the owner's own, that passes SPF: it shows that mail does leave."""
    mail = Forged("honest", 10_000, address, OWNER, OWNER)
    return _said(Caller(port, HONEST), mail)


def _offered(port: int, mail: Forged) -> bytes:
    with contextlib.suppress(OSError):
        return _said(Caller(port, mail.peer), mail)
    return b""


def _said(caller: Caller, mail: Forged) -> bytes:
    with caller:
        answer = caller.greeting
        path, to = f"MAIL FROM:<{mail.reverse_path}>", f"RCPT TO:<{mail.to}>"
        for words in ("EHLO mx.abroad.example", path, to, "DATA", mail.content()):
            if answer[:1] not in (b"2", b"3"):
                break
            answer = caller.say(words)
        return answer
