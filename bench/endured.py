"""How far does somebody come who guesses on and on? The limits as they ship, met on purpose.

Within one session the answers get slower and the fifth ends it. Whoever comes back after each
guess is not slowed, only counted: so many sessions at once from one network. What is left is
the number of guesses a token takes.
"""

import asyncio
import contextlib
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from caller import Caller, code
from harvest import OUTSIDE, A, Known

SECONDS, AT_ONCE, ALLOWED = 5.0, 60, 50
_MAC_BITS = 104
_YEAR = 365 * 86_400
Row = tuple[str, str, bool]


async def tried(port: int, known: Known) -> list[Row]:
    """Guess in one session to its end, then in as many as are let in."""
    stubborn = await asyncio.to_thread(_in_one_session, port, known)
    rate, answers = await _coming_back(port, known)
    years = 2.0 ** (_MAC_BITS - 1) / rate / _YEAR
    told = ", ".join(f"{n} x {said}" for said, n in answers.most_common(4))
    crowd = await _crowd(port)
    return [
        stubborn,
        ("guesses a second, one a session", f"{rate:.0f}: {told}", answers["550 5.1.1"] > 0),
        ("years for an even chance at one token", f"{years:.0e}", years > 1e6),
        crowd,
    ]


def _in_one_session(port: int, known: Known) -> Row:
    chance = random.Random(3)
    waits: list[float] = []
    said = b"2"
    with Caller(port, "203.0.113.9") as caller:
        caller.say("EHLO mx.abroad.example")
        caller.say("MAIL FROM:<guess@abroad.example>")
        while said and not said.startswith(b"421") and len(waits) < 20:
            said, micros = caller.timed(f"RCPT TO:<{OUTSIDE[A](known, chance)}@reply.test>")
            waits.append(micros / 1_000_000)
    told = " ".join(f"{one:.1f}" for one in waits)
    ended = len(waits) == 5 and code(said) == "421 4.7.0"
    return ("guesses in one session, seconds each", f"{told} s, then {code(said)}", ended)


async def _coming_back(port: int, known: Known) -> tuple[float, Counter[str]]:
    """Guess once a session, in several at a time; return the rate of guesses that were answered."""
    until = time.monotonic() + SECONDS
    answers: Counter[str] = Counter()

    def guess(number: int) -> None:
        chance = random.Random(number)
        while time.monotonic() < until:
            with contextlib.suppress(OSError), Caller(port, "203.0.113.9") as caller:
                answer = caller.greeting
                if answer.startswith(b"220"):
                    caller.say("EHLO mx.abroad.example")
                    caller.say("MAIL FROM:<guess@abroad.example>")
                    answer = caller.say(f"RCPT TO:<{OUTSIDE[A](known, chance)}@reply.test>")
                answers[code(answer)] += 1

    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(8) as callers:
        await asyncio.gather(*(loop.run_in_executor(callers, guess, n) for n in range(8)))
    return answers["550 5.1.1"] / SECONDS, answers


async def _crowd(port: int) -> Row:
    """Hold more sessions of one network than are let in."""

    def hold() -> str:
        callers = [Caller(port, f"203.0.113.{n + 1}") for n in range(AT_ONCE)]
        greeted = sum(one.greeting.startswith(b"220") for one in callers)
        told = Counter(code(one.greeting) for one in callers if one.greeting[:3] != b"220")
        for one in callers:
            one.__exit__(None, None, None)
        return f"{greeted} of {AT_ONCE}; " + ", ".join(f"{n} x {said}" for said, n in told.items())

    told = await asyncio.to_thread(hold)
    return ("sessions of one network at once", told, told.startswith(f"{ALLOWED} of"))
