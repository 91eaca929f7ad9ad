"""Replies accepted durably per second, beside a bare aiosmtpd that discards. One mail a connection.

    python bench/inbound.py [--mails 1500] [--sessions 20] [--rounds 3]

Both servers are processes of their own; rounds alternate, and the medians are compared. The mail
is 4 KB of text with a quote below the reply. Target: 0.35, goal 1.4.
"""

import statistics
import subprocess
import sys
from pathlib import Path

import uvloop
from load import asked, drive

SERVERS = Path(__file__).parent / "servers"
LABELS = {"discard": "aiosmtpd, discards", "gateway": "Rejoinder, SQLite, durable"}


def main() -> None:
    """Measure, and print the table."""
    given = asked(__doc__)
    names = tuple(LABELS)
    running = {
        name: subprocess.Popen(
            [sys.executable, SERVERS / f"{name}.py"], stdout=subprocess.PIPE, text=True
        )
        for name in names
    }
    rates: dict[str, list[float]] = {name: [] for name in names}
    try:
        said = {
            name: (one.stdout.readline().split() if one.stdout else [])
            for name, one in running.items()
        }
        for turn in range(given.rounds):
            for name in names:
                port, *addresses = said[name]
                first = turn * given.mails
                rate = drive([int(port)], addresses, first, given.mails, given.sessions)
                rates[name].append(uvloop.run(rate))
    finally:
        for one in running.values():
            one.terminate()
            one.wait()
    anchor = statistics.median(rates["discard"])
    print(f"{'server':<36}{'mails/s':>9}{'ratio':>8}")
    for name, label in LABELS.items():
        usual = statistics.median(rates[name])
        print(f"{label:<36}{usual:>9.0f}{usual / anchor:>8.2f}")


main()
