"""Abuses a gateway as ``serve`` runs it: forged senders in bulk, and guesses at addresses.

    python bench/abuse.py       two minutes; binds port 53 of a loopback address: as root

Nobody whose address was forged may get a mail (RFC 5321, 6.2: no backscatter), the owner of the
address at most one question a day, nothing may be posted. A domain whose name servers are silent
may not hold up an honest mail (``silent``). All guesses an outsider can make must be
answered alike, octet by octet, and take the same time: within 5 % of the median, or within what
kinds differ that are the same. Else this ends with 1.
"""

import asyncio
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import endured
import harvest
import silent
import spoof
from caller import code
from harvest import Known
from servers.names import HOST, naming
from watch import Memory

from core.address import Keyring
from tests.faults.process import KEY, Served, a_shop, an_app, served
from tests.support.fake_relay import FakeRelay

MOST_GROWTH, MOST_LISTING = 24.0, 2.0


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that must be so, what was found, and whether it is."""

    what: str
    found: str
    well: bool


async def forged(gateway: Served, relay: FakeRelay, known: Known, secret: str) -> list[Found]:
    """Send all forged mails and look at what came of them."""
    port, chance = gateway.ports["smtp"], random.Random(1)
    memory = Memory(gateway.process.pid)
    mails = spoof.forgeries(known.alive, harvest.guesses(known, chance))
    warm, rest = mails[:300], mails[300:]
    result = await spoof.flood(port, warm)
    memory.begin()
    before = memory.peak()
    began = time.monotonic()
    for kind, answers in (await spoof.flood(port, rest)).answers.items():
        result.answers.setdefault(kind, Counter()).update(answers)
    seconds = time.monotonic() - began
    grown = memory.peak() - before
    answer = await asyncio.to_thread(spoof.honest, port, known.alive)
    found = [_answered(result, kind) for kind in spoof.MUST]
    found.append(Found("memory over 300 mails, MB", f"{grown:.1f}", grown < MOST_GROWTH))
    found.append(Found("forged mails a second", f"{len(rest) / seconds:.0f}", well=True))
    found.append(Found("an honest mail", code(answer), answer.startswith(b"250")))
    return found + await _came_of_it(gateway, relay, secret)


def _answered(result: spoof.Flood, kind: str) -> Found:
    answers = ", ".join(f"{n} x {said}" for said, n in result.answers[kind].most_common())
    return Found(f"forged: {kind}", answers, not result.wrong(kind))


async def _came_of_it(gateway: Served, relay: FakeRelay, secret: str) -> list[Found]:
    async with gateway.admin() as admin, gateway.api(secret) as client:
        await _quiet(admin)
        everything = await _json(admin, "/admin/queue?all=true&limit=1000")
        began = time.monotonic()
        held = (await _json(admin, "/admin/held?limit=1000"))["data"]
        listing = time.monotonic() - began
        room = await _json(client, "/v1/shop/conversations/room-0/messages")
    written = Counter(one["address"] for one in everything["deliveries"])
    relayed = Counter(to for mail in relay.mails for to in mail.recipients)
    wanted = Counter({spoof.OWNER: 1, "ann@example.net": 1})
    asked = sum(one["askedAt"] is not None for one in held)
    said = f"{len(room['data'])}, the honest one"
    return [
        Found("mails that left, by recipient", _counted(relayed), relayed == wanted),
        Found("mails ever queued, by recipient", _counted(written), written == wanted),
        Found("questions to the owner", str(asked), asked == 1),
        Found("messages in the conversation", said, len(room["data"]) == 1),
        Found(
            "replies held, and listed in",
            f"{len(held)}, {listing * 1000:.0f} ms",
            listing < MOST_LISTING,
        ),
    ]


async def _quiet(admin: Any) -> None:
    """Wait until nothing is owed, and a little longer."""
    async with asyncio.timeout(60):
        still = 0
        while still < 5:
            queue = await _json(admin, "/admin/queue")
            still = 0 if queue["pendings"] or queue["deliveries"] else still + 1
            await asyncio.sleep(0.5)


async def _json(client: Any, path: str) -> Any:
    response = await client.get(path)
    assert response.is_success, response.text
    return response.json()


def _counted(addresses: Counter[str]) -> str:
    named = ", ".join(f"{n} x {one}" for one, n in addresses.most_common(4))
    return named if len(addresses) <= 4 else f"{named} and {len(addresses) - 4} more"


async def guessed(gateway: Served, known: Known) -> list[Found]:
    """Guess, and look at answers and times; then guess as fast as we are let."""
    port, chance = gateway.ports["smtp"], random.Random(2)
    heard = await asyncio.to_thread(harvest.listened, port, known, chance)
    texts = heard.texts()
    found = [Found("answers to all that leads to nobody", _shown(texts), len(texts) == 1)]
    told, noise = harvest.judged(heard, chance)
    head = f"{'guess':<32}{'number':>7}{'median':>9}{'over':>8}{'p':>7}{'U':>6}  answer"
    print(head, *(_line(one, heard) for one in told), sep="\n")
    medians = [one.median for one in told if one.kind in (harvest.A, harvest.AGAIN)]
    again = max(medians) / min(medians) - 1
    print(
        "over: than the fastest an outsider can make; p: that chance does as much;"
        " U: how often it is slower than that\n"
        f"as many that are all of one kind differ by up to {noise:.1%}"
        f" (the random ones, by {again:.1%})\n"
    )
    breaches = [one.kind for one in told if one.breach]
    least, most = (
        pick(one.over for one in told if one.kind in harvest.OUTSIDE) for pick in (min, max)
    )
    found.append(Found("time, of what outsiders can make", f"{most - least:.1%}", not breaches))
    found += [Found(*one) for one in await endured.tried(port, known)]
    return found


def _line(one: harvest.Told, heard: harvest.Heard) -> str:
    answers = {code(said) for said in heard.answers[one.kind]}
    who = "" if one.kind in harvest.OUTSIDE else "  (not an outsider's)"
    return (
        f"{one.kind:<32}{len(heard.times[one.kind]):>7}{one.median:>6.0f} us{one.over:>8.1%}"
        f"{one.chance:>7.3f}{one.ranks:>6.2f}  {', '.join(sorted(answers))}{who}"
        f"{'  BREACH' if one.breach else ''}"
    )


def _shown(texts: set[bytes]) -> str:
    return f"{len(texts)}: {min(texts, default=b'').decode('ascii', 'replace').strip()[:60]}..."


def report(found: Sequence[Found]) -> bool:
    """Print the table; return whether all is well."""
    for one in found:
        print(f"{one.what:<44}{one.found}{'' if one.well else '  BREACH'}")
    return all(one.well for one in found)


async def run(folder: Path) -> bool:
    """Start a gateway, its relay and its name server, and abuse it."""
    abroad = ("--set", "smtp.proxy_protocol=true", "--set", f"senders.name_servers={HOST}")
    async with (
        naming(spoof.TEXTS | silent.TEXTS, silent.SELECTOR) as names,
        FakeRelay() as relay,
        served(folder, *abroad, relay_port=relay.port) as gateway,
    ):
        os.nice(10)
        async with gateway.admin() as admin:
            secret = await an_app(admin)
        async with gateway.api(secret) as client:
            alive, left = await a_shop(client, 2)
            await client.delete("/v1/shop/conversations/room-1/participants/bo")
        known = Known(Keyring({1: bytes.fromhex(KEY)}, 1), alive, left)
        found = await forged(gateway, relay, known, secret)
        found.append(Found(*await silent.tried(gateway.ports["smtp"], known.alive)))
        found.append(Found("questions to DNS", str(names.asked), names.asked > 0))
        well = report(found)
        print(flush=True)
        return report(await guessed(gateway, known)) and well


def main() -> None:
    """Run both and end with 1 if something is not as it must be."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        well = asyncio.run(run(Path(folder)))
    print(f"\n{time.monotonic() - began:.0f} s, {'all well' if well else 'BREACH'}")
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
