"""Attacks the whole gateway on loopback, and asks whether anybody else notices.

    python bench/attack.py [--only WORD]

While each attack lasts a good mail is offered every second. It must be answered within two seconds,
and the gateway must stay under 200 MB; else this ends with 1. Strangers are told apart by network,
so the attackers have addresses in 127.1.0.0/16 and whoever offers the good mails in 127.9.9.0/24.
Every hostile mail of ``tests/support/hostile.py`` is offered, with an address that is valid.
"""

import argparse
import asyncio
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import siege
from floods import LARGE, to_one_address
from http_siege import HTTP_ATTACKS
from siege import Attack, Target
from watch import Memory, Offered, Watch

from core.address import Purpose
from tests.support.hostile import GENERATORS

SERVER = Path(__file__).parent / "servers" / "gateway.py"
MOST_SECONDS, MOST_MEGABYTES = 2.0, 200.0
SIZE, HUGE = 1_000_000, 20_000_000
AWAY = "Auto-Submitted: auto-replied\r\n"
NUMBERS = sorted({name.partition("-")[0] for name in GENERATORS}, key=lambda n: (n[0], int(n[2:])))

ATTACKS: dict[str, Attack] = {
    "240 MB without CRLF": siege.without_line_ends,
    "24 MB, twelve times at once": siege.large_at_once,
    "2,000 connections": siege.connections,
    "1,000 slow peers": siege.slow,
    "recipients without end": siege.recipients,
    "a header without end": siege.endless(b"X: ", b"\r\n y"),
    "headers without end": siege.endless(b"", b"X: y\r\n"),
    "900 replies to one address": to_one_address(Purpose.REPLY, "", 900, 300, 6),
    "machines' mails of 8 MB": to_one_address(Purpose.REPLY, AWAY, 12, LARGE, 2),
    "opt-outs of 8 MB": to_one_address(Purpose.OPT_OUT, "", 12, LARGE, 2),
    **HTTP_ATTACKS,
    **{f"{number} at 1 MB, four at once": siege.hostile(number, SIZE, 4) for number in NUMBERS},
    **{f"{number} at 20 MB": siege.hostile(number, HUGE, 1) for number in ("7.12", "7.13")},
}


@dataclass(frozen=True, slots=True)
class Row:
    """What one attack did."""

    name: str
    began: float
    ended: float
    answers: Counter[str]
    megabytes: float

    def slowest(self, offered: Sequence[Offered]) -> float:
        """Return how long the slowest good mail took that was offered meanwhile."""
        return max((one.seconds for one in self._meanwhile(offered)), default=0.0)

    def posted(self, offered: Sequence[Offered]) -> str:
        """Return how many of the good mails were taken at once."""
        meanwhile = self._meanwhile(offered)
        return f"{sum(one.answer.startswith('250') for one in meanwhile)}/{len(meanwhile)}"

    def _meanwhile(self, offered: Sequence[Offered]) -> list[Offered]:
        return [one for one in offered if one.at < self.ended and one.at + one.seconds > self.began]


async def attacked(target: Target, memory: Memory, only: str) -> list[Row]:
    """Run one attack after another."""
    rows = []
    for name, attack in ATTACKS.items():
        if only not in name:
            continue
        memory.begin()
        began = time.monotonic()
        answers = await attack(target)
        rows.append(Row(name, began, time.monotonic(), answers, memory.peak()))
        print(f"{time.monotonic() - began:6.1f} s  {name}", file=sys.stderr, flush=True)
        await asyncio.sleep(0.5)
    return rows


def report(rows: Sequence[Row], offered: Sequence[Offered]) -> bool:
    """Print the table; return whether all is well."""
    head = f"{'attack':<32}{'seconds':>8}{'MB':>6}{'good':>7}{'slowest':>9}  answers"
    print(head, *(_line(row, offered) for row in rows), sep="\n")
    memory = max(row.megabytes for row in rows)
    slowest = max(one.seconds for one in offered)
    silent = [one.answer for one in offered if one.answer[:1] not in ("2", "4")]
    print(
        f"\npeak {memory:.0f} MB of {MOST_MEGABYTES:.0f}; slowest good mail {slowest:.2f} s of"
        f" {MOST_SECONDS:.0f}; {len(offered)} good mails, {len(silent)} not answered {silent[:3]}"
    )
    return memory < MOST_MEGABYTES and slowest < MOST_SECONDS and not silent


def _line(row: Row, offered: Sequence[Offered]) -> str:
    answers = ", ".join(f"{count} x {answer}" for answer, count in row.answers.most_common(4))
    slowest = row.slowest(offered)
    breach = row.megabytes >= MOST_MEGABYTES or slowest >= MOST_SECONDS
    return (
        f"{row.name:<32}{row.ended - row.began:>8.1f}{row.megabytes:>6.0f}"
        f"{row.posted(offered):>7}{slowest:>9.2f}  {answers}{'  BREACH' if breach else ''}"
    )


def main() -> None:
    """Start the gateway, attack it, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", default="", help="only attacks whose name holds this")
    given = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 16_384 if hard == resource.RLIM_INFINITY else min(16_384, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    command = [sys.executable, str(SERVER), "--strangers"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as gateway:
        try:
            said = gateway.stdout.readline().split() if gateway.stdout else []
            port, http, secret, *addresses = said
            watch = Watch(int(port), addresses[25:])
            target = Target(int(port), tuple(addresses[:25]), int(http), secret)
            rows = asyncio.run(attacked(target, Memory(gateway.pid), given.only))
            offered = watch.end()
        finally:
            gateway.terminate()
    sys.exit(0 if report(rows, offered) else 1)


if __name__ == "__main__":
    main()
