"""No domain's name servers hold up anybody else's mail."""

import asyncio

import pytest

from gateway.authentication.domain_turns import DomainTurn, DomainTurns


class Tick:
    """Seconds that go forward when they are told to."""

    def __init__(self) -> None:
        """Begin at some number."""
        self.now = 1_000.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now


@pytest.fixture
def tick() -> Tick:
    """Give a clock that stands."""
    return Tick()


async def _asked(turns: DomainTurns, *domains: str) -> list[asyncio.Task[DomainTurn]]:
    """Ask for turns, and let happen what happens at once."""
    asked = [asyncio.create_task(turns.turn(one)) for one in domains]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return asked


def _in(asked: list[asyncio.Task[DomainTurn]]) -> int:
    return sum(one.done() for one in asked)


async def _ended(asked: list[asyncio.Task[DomainTurn]]) -> None:
    for one in asked:
        one.cancel()
    await asyncio.gather(*asked, return_exceptions=True)


async def test_a_domain_has_two_threads_until_it_is_known_to_answer(tick: Tick) -> None:
    """The third waits, and nobody else does."""
    turns = DomainTurns(tick=tick)
    many = await _asked(turns, *["slow.test"] * 40)
    other = await _asked(turns, "good.test")

    assert (_in(many), _in(other)) == (2, 1)
    turns.end(many[0].result(), answered=False)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert _in(many) == 3
    await _ended(many)


async def test_a_domain_that_answers_has_more(tick: Tick) -> None:
    """A provider of many people is not held to two of them at once."""
    turns = DomainTurns(tick=tick)
    (first,) = await _asked(turns, "big.test")
    turns.end(first.result(), answered=True)
    many = await _asked(turns, *["big.test"] * 20)

    assert _in(many) == 8
    await _ended(many)


async def test_many_silent_domains_leave_half_the_threads(tick: Tick) -> None:
    """Twenty domains that nobody heard of do not hold up one that answers."""
    turns = DomainTurns(tick=tick)
    (known,) = await _asked(turns, "good.test")
    turns.end(known.result(), answered=True)
    many = await _asked(turns, *[f"evil{n}.test" for n in range(20)] * 3)
    good = await _asked(turns, *["good.test"] * 8)

    assert (_in(many), _in(good)) == (8, 8)
    await _ended(many)


@pytest.mark.parametrize("then", [True, False], ids=["answers again", "stays silent"])
async def test_who_was_silent_is_not_trusted_for_a_while(tick: Tick, *, then: bool) -> None:
    """An answer in between earns nothing: else silence would be free every other time."""
    turns = DomainTurns(tick=tick)
    for answered in (True, False, then):
        (one,) = await _asked(turns, "fickle.test")
        turns.end(one.result(), answered=answered)
    soon = await _asked(turns, *["fickle.test"] * 20)
    at_once = _in(soon)
    await _ended(soon)
    for one in soon[:2]:
        turns.end(one.result(), answered=True)
    tick.now += 601
    later = await _asked(turns, *["fickle.test"] * 20)

    assert (at_once, _in(later)) == (2, 8)
    await _ended(later)


async def test_who_gives_up_waiting_takes_nobodys_turn(tick: Tick) -> None:
    """Also one who gives up at the moment in which they are let in."""
    turns = DomainTurns(threads=1, tick=tick)
    (working,) = await _asked(turns, "a.test")
    gone, also_gone, last = await _asked(turns, "b.test", "c.test", "d.test")
    gone.cancel()
    turns.end(working.result(), answered=True)
    also_gone.cancel()
    await asyncio.gather(gone, also_gone, return_exceptions=True)

    assert (await asyncio.wait_for(last, 5)).domain == "d.test"


async def test_turns_come_in_the_order_in_which_they_were_asked_for(tick: Tick) -> None:
    """Nobody is overtaken by their own domain."""
    turns = DomainTurns(threads=1, tick=tick)
    asked = await _asked(turns, *[f"{name}.test" for name in "abcd"])
    order = []
    for one in asked:
        order.append((await asyncio.wait_for(one, 5)).domain)
        turns.end(one.result(), answered=True)

    assert order == ["a.test", "b.test", "c.test", "d.test"]


async def test_mail_to_one_owner_has_two_turns_whoever_writes_it(tick: Tick) -> None:
    """Domains cost a stranger nothing, and may answer late; an address of another's they lack."""
    turns = DomainTurns(tick=tick)
    for number in range(20):
        (one,) = await _asked(turns, f"{number}.test")
        turns.end(one.result(), answered=True)
    crowd = [asyncio.create_task(turns.turn(f"{n}.test", "shop/mallory")) for n in range(20)]
    await asyncio.sleep(0)
    bo = [asyncio.create_task(turns.turn("bo.test", "shop/bo")) for _ in range(2)]
    await asyncio.sleep(0)

    let_in = (_in(crowd), _in(bo))
    for one in [*crowd, *bo]:
        turns.end(await asyncio.wait_for(one, 5), answered=True)

    assert let_in == (2, 2)
    assert not turns._owners


async def test_what_is_known_of_domains_is_bounded(tick: Tick) -> None:
    """Whoever makes up domains makes us forget, and remember no more."""
    turns = DomainTurns(tick=tick)
    for number in range(5_000):
        (one,) = [await turns.turn(f"{number}.test")]
        turns.end(one, answered=True)

    assert len(turns._known) == 4_000
    assert not turns._working
