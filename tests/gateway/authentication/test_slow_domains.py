"""One domain whose name servers answer nobody costs its own mails their time, and no others."""

import asyncio
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import pytest

from gateway.authentication.authenticate import Means, authenticate
from gateway.authentication.canonical import split
from gateway.authentication.domain_turns import DomainTurns
from gateway.authentication.resolver import Questions, RecordType, Silent, Unanswered
from gateway.authentication.results import Result
from gateway.authentication.signatures import Signers, signers
from gateway.mail.envelope import Envelope
from tests.support.senders import Zones, a_letter, rsa_key, signed, texts

KEY = "sel._domainkey.example.org"
GOOD = texts({KEY: rsa_key()[1], "_dmarc.example.org": "v=DMARC1; p=reject"})
ENVELOPE = Envelope("bo@example.org", ("r",), peer="198.51.100.7")
FAKE = (
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={}; s={}; h=from; "
    "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\n"
)


class Stuck(Zones):
    """A resolver that waits where a name holds this word, until it is let go; then it is silent."""

    def __init__(self, word: str = "evil") -> None:
        """Know Bo's domain, and wait for the other."""
        super().__init__(GOOD)
        self.word = word
        self.let_go = threading.Event()
        self.reached = threading.Semaphore(0)

    def ask(self, name: str, kind: RecordType, seconds: float) -> tuple[str, ...]:
        """Wait, or return what is known."""
        if self.word in name:
            self.asked.append((name, kind))
            self.reached.release()
            self.let_go.wait(20)
            raise Unanswered
        return super().ask(name, kind, seconds)


@asynccontextmanager
async def _means(zones: Stuck, seconds: float = 20.0) -> AsyncIterator[Means]:
    """Give sixteen threads, as the service has, until left."""
    pool = ThreadPoolExecutor(16)
    try:
        yield Means(zones, pool, seconds)
    finally:
        zones.let_go.set()
        pool.shutdown(wait=True)


def _of(domain: str) -> bytes:
    return f"From: mallory@{domain}\r\nMessage-ID: <1@{domain}>\r\n\r\nhello\r\n".encode()


@pytest.mark.parametrize(
    "domains",
    [
        pytest.param(["evil.test"] * 60, id="one domain, sixty mails"),
        pytest.param([f"a{n}.evil.test" for n in range(60)], id="sixty names of one domain"),
        pytest.param([f"evil{n}.test" for n in range(60)], id="sixty domains"),
        pytest.param([f"evil{n}.co.uk" for n in range(60)], id="below a public suffix"),
        pytest.param(["evil.test", "EVIL.test", "eVil.TEST"] * 20, id="in any letters"),
        pytest.param(["xn--evil-oqa.test"] * 60, id="of an A-label"),
    ],
)
async def test_good_mail_passes_however_many_wait(domains: list[str]) -> None:
    """Bo's domain is known to answer; his mail is proven while all the others hang."""
    zones, good = Stuck(), signed(a_letter())
    async with _means(zones) as means:
        before = await authenticate(good, ENVELOPE, "bo@example.org", means)
        waiting = [
            asyncio.create_task(authenticate(_of(one), ENVELOPE, f"mallory@{one}", means))
            for one in domains
        ]
        await asyncio.to_thread(zones.reached.acquire)
        found = [await authenticate(good, ENVELOPE, "bo@example.org", means) for _ in range(3)]
        still = sum(not one.done() for one in waiting)
        zones.let_go.set()
        ends = await asyncio.gather(*waiting)

    assert [one.dmarc for one in (before, *found)] == [Result.PASS] * 4
    assert still == len(domains)
    assert {one.dmarc for one in ends} == {Result.TEMPERROR}


async def test_a_domain_nobody_heard_of_passes_beside_one_that_hangs() -> None:
    """A first mail is no second-class one: the silent domain has two threads, whatever it sends."""
    zones = Stuck()
    async with _means(zones) as means:
        hangs = [
            asyncio.create_task(authenticate(_of("evil.test"), ENVELOPE, "m@evil.test", means))
            for _ in range(60)
        ]
        for _ in range(2):
            await asyncio.to_thread(zones.reached.acquire)
        found = await authenticate(signed(a_letter()), ENVELOPE, "bo@example.org", means)
        zones.let_go.set()
        await asyncio.gather(*hangs)

    assert found.dmarc is Result.PASS


async def test_who_waits_too_long_for_a_turn_is_put_off() -> None:
    """The answer is the one to a domain that does not answer: try again."""
    zones = Stuck()
    async with _means(zones, 0.05) as means:
        means_now = Means(zones, means.pool, 0.05, turns=DomainTurns(threads=1))
        first = asyncio.create_task(
            authenticate(_of("evil.test"), ENVELOPE, "m@evil.test", means_now)
        )
        await asyncio.to_thread(zones.reached.acquire)
        second = await authenticate(signed(a_letter()), ENVELOPE, "bo@example.org", means_now)
        zones.let_go.set()
        ended = await first

    assert (second.dmarc, ended.dmarc) == (Result.TEMPERROR, Result.TEMPERROR)


class Late(Stuck):
    """A resolver whose answers come late."""

    def ask(self, name: str, kind: RecordType, seconds: float) -> tuple[str, ...]:
        """Wait until it is let go, and return what is known."""
        self.reached.release()
        self.let_go.wait(20)
        return Zones.ask(self, name, kind, seconds)


async def test_genuine_mails_of_a_slow_domain_are_proven() -> None:
    """Those that wait for their turn, too: their time begins with their work."""
    zones = Late()
    async with _means(zones) as means:
        mails = [
            asyncio.create_task(authenticate(signed(a_letter()), ENVELOPE, "bo@example.org", means))
            for _ in range(30)
        ]
        for _ in range(2):
            await asyncio.to_thread(zones.reached.acquire)
        zones.let_go.set()
        found = await asyncio.gather(*mails)

    assert {one.dmarc for one in found} == {Result.PASS}


class Counting(Zones):
    """A resolver that is silent about selectors that begin with ``slow``, known to be or not."""

    def __init__(self, silence: type[Unanswered]) -> None:
        """Be silent in this way."""
        super().__init__(GOOD)
        self.silence = silence

    def ask(self, name: str, kind: RecordType, seconds: float) -> tuple[str, ...]:
        """Return what is known."""
        if name.startswith("slow"):
            self.asked.append((name, kind))
            raise self.silence
        return super().ask(name, kind, seconds)


def _signers(fakes: list[str], zones: Zones) -> Signers:
    letter = split("".join(FAKE.format("example.org", one) for one in fakes).encode()
                   + signed(a_letter(body="")))  # fmt: skip
    assert letter is not None
    return signers(letter, "example.org", Questions(zones, 9))


@pytest.mark.parametrize(
    ("silence", "fakes", "asked", "proven"),
    [
        pytest.param(Unanswered, 2, 3, True, id="two are waited for, and the third is good"),
        pytest.param(Unanswered, 3, 3, False, id="three are waited for"),
        pytest.param(Unanswered, 9, 3, False, id="and no more"),
        pytest.param(Silent, 9, 10, True, id="what is known to be silent costs nothing"),
    ],
)
def test_three_signatures_may_fail_by_silence(
    silence: type[Unanswered], fakes: int, asked: int, *, proven: bool
) -> None:
    """Whatever is left out might have been good: it is unanswered, never a failure."""
    zones = Counting(silence)
    found = _signers([f"slow{n}" for n in range(fakes)], zones)

    assert len(zones.asked) == asked
    assert found.unanswered
    assert (found.domains == ("example.org",)) is proven
