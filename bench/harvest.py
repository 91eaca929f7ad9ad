"""Guessing addresses: is any guess told apart from another, by its answer or by its time?

Every guess is the first of a session of its own, so that nothing is slowed: that is the best a
harvester can have, and what it learns least is measured there. Kinds come in random order.

An outsider can make ``OUTSIDE``. ``INSIDE`` takes our key, or an address we once gave out: a
genuine MAC leads to the database, a wrong one does not. Whoever has such an address knows already
that it was one, so their time is shown and is no breach.
"""

import base64
import random
import statistics
import string
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from caller import Caller

from core.address import Keyring, Purpose, Token

A, AGAIN, NAMES = "random token", "random token, again", "names as info@"
GONE = "left the conversation"
OF_EACH, OF_EACH_INSIDE, SHUFFLES = 1_400, 400, 500
MOST_SHARE = 0.05
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_WORDS = ("info", "admin", "sales", "support", "root", "bo", "ann", "shop", "noreply", "r", "hello")
_REFUSED = b"550 5.1.1 "
Chance = random.Random


@dataclass(frozen=True, slots=True)
class Known:
    """What the guesses are made from: our keys, an address that is alive, one of who has left."""

    keys: Keyring
    alive: str
    left: str

    @property
    def token(self) -> str:
        """The token that is alive."""
        return self.alive.partition("@")[0][2:]

    def genuine(self, **changed: int) -> str:
        """Return what names the living token's owner, but for what is changed, well signed."""
        was = self.keys.read(Purpose.REPLY, self.token)
        assert was is not None
        said = {"app_number": was.app_number, "reference": was.reference, "epoch": was.epoch}
        return "r+" + self.keys.sign(Token(Purpose.REPLY, **{**said, **changed}))


Make = Callable[[Known, Chance], str]


def _random(_known: Known, chance: Chance) -> str:
    return "r+" + "".join(chance.choices(_BASE32, k=44))


def _one_changed(known: Known, chance: Chance) -> str:
    """Change a character of the MAC, but the last: that holds bits nobody reads."""
    at = chance.randrange(23, 43)
    other = chance.choice(_BASE32.replace(known.token[at], ""))
    return "r+" + known.token[:at] + other + known.token[at + 1 :]


def _of_neighbour(known: Known, chance: Chance) -> str:
    """Change whom a genuine token names and keep its MAC."""
    raw = bytearray(base64.b32decode(known.token.upper() + "===="))
    raw[6:14] = chance.randbytes(8)
    return "r+" + base64.b32encode(bytes(raw)).decode().rstrip("=").lower()


def _of_other_key(known: Known, chance: Chance) -> str:
    raw = bytearray(base64.b32decode(known.token.upper() + "===="))
    raw[0] = chance.randrange(2, 256)
    return "r+" + base64.b32encode(bytes(raw)).decode().rstrip("=").lower()


def _of_other_purpose(known: Known, chance: Chance) -> str:
    """Use an opt-out token, which stands in every mail, to reply."""
    reference = chance.getrandbits(62)
    return "r+" + known.keys.sign(Token(Purpose.OPT_OUT, 1, reference))


OUTSIDE: dict[str, Make] = {
    A: _random,
    AGAIN: _random,
    "genuine, one letter changed": _one_changed,
    "genuine MAC, other person": _of_neighbour,
    "genuine, other key's number": _of_other_key,
    "opt-out token as reply": _of_other_purpose,
    "too short": lambda known, chance: _random(known, chance)[:-1],
    "not base32": lambda known, chance: _random(known, chance)[:30] + "0189" * 4,
    NAMES: lambda _known, chance: chance.choice(_WORDS),
    "names with digits": lambda _known, chance: "".join(chance.choices(string.hexdigits, k=12)),
}
INSIDE: dict[str, Make] = {
    "revoked": lambda known, chance: known.genuine(epoch=chance.randrange(1, 256)),
    "signed, of nobody": lambda known, chance: known.genuine(reference=chance.getrandbits(62)),
    "signed, of no app": lambda known, chance: known.genuine(app_number=chance.randrange(9, 999)),
    GONE: lambda known, _chance: known.left.partition("@")[0],
    "alive": lambda known, _chance: known.alive.partition("@")[0],
}


@dataclass(slots=True)
class Heard:
    """What the guesses of each kind were answered, and after how many microseconds."""

    answers: dict[str, Counter[bytes]] = field(default_factory=lambda: defaultdict(Counter))
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def texts(self) -> set[bytes]:
        """Return the answers to whatever leads to nobody."""
        unknown = [kind for kind in (*OUTSIDE, *INSIDE) if kind not in (GONE, "alive")]
        return {said for kind in unknown for said in self.answers[kind]}


def guesses(known: Known, chance: Chance) -> Iterator[str]:
    """Return addresses nobody has, for ever."""
    makes = list(OUTSIDE.values())
    while True:
        yield f"{chance.choice(makes)(known, chance)}@reply.test"


def listened(port: int, known: Known, chance: Chance) -> Heard:
    """Offer all guesses, one after another, one a session, at the pace of the answers."""
    todo = [*OUTSIDE.items()] * OF_EACH + [*INSIDE.items()] * OF_EACH_INSIDE
    chance.shuffle(todo)
    heard = Heard()
    for number, (kind, make) in enumerate(todo):
        local = make(known, chance)
        with Caller(port, f"203.0.113.{1 + number % 250}") as caller:
            caller.say("EHLO mx.abroad.example")
            caller.say("MAIL FROM:<guess@abroad.example>")
            said, micros = caller.timed(f"RCPT TO:<{local}@reply.test>")
        heard.answers[kind][said] += 1
        heard.times[kind].append(micros)
    return heard


@dataclass(frozen=True, slots=True)
class Told:
    """What the time of one kind tells: its median over the fastest's, and how sure that is."""

    kind: str
    median: float
    over: float
    chance: float
    ranks: float
    breach: bool


def judged(heard: Heard, chance: Chance) -> tuple[list[Told], float]:
    """Compare each kind with the fastest an outsider can make; return the noise of A/A, too.

    The fastest of ten is fast by luck, too: so the noise is by how much the slowest and the fastest
    of ten differ that are all drawn from one kind, 99 times out of 100.
    """
    times = heard.times
    fastest = min(OUTSIDE, key=lambda kind: statistics.median(times[kind]))
    least = statistics.median(times[fastest])
    noise = _noise([*times[A], *times[AGAIN]], chance)
    told = []
    for kind in (*OUTSIDE, *INSIDE):
        over = statistics.median(times[kind]) - least
        dealt = _dealt(times[kind], times[fastest], chance)
        likely = sum(one >= over for one in dealt) / len(dealt)
        tells = kind in OUTSIDE and over > MOST_SHARE * least and over > noise
        ranks = _superiority(times[kind], times[fastest])
        told.append(Told(kind, least + over, over / least, likely, ranks, tells))
    return told, noise / least


def _dealt(one: Sequence[float], other: Sequence[float], chance: Chance) -> list[float]:
    """Return by how much the medians differ when the times are dealt anew, at random."""
    both = [*one, *other]
    found = []
    for _ in range(SHUFFLES):
        chance.shuffle(both)
        medians = statistics.median(both[: len(one)]), statistics.median(both[len(one) :])
        found.append(abs(medians[0] - medians[1]))
    return found


def _noise(same: Sequence[float], chance: Chance) -> float:
    """Return by how much the medians of as many kinds would differ that are one and the same."""
    found = []
    for _ in range(SHUFFLES // 5):
        drawn = [statistics.median(chance.choices(same, k=OF_EACH)) for _ in OUTSIDE]
        found.append(max(drawn) - min(drawn))
    return sorted(found)[-2]


def _superiority(one: Sequence[float], other: Sequence[float]) -> float:
    """Return how often one of these is slower than one of those (Mann and Whitney's U, by n*m)."""
    ordered = sorted(other)
    wins = sum(bisect_left(ordered, x) + bisect_right(ordered, x) for x in one) / 2
    return wins / (len(one) * len(other))
