"""Two processes on PostgreSQL beside Postfix delivering to a maildir. One mail a connection.

    python bench/postgres.py [--mails 1500] [--sessions 20] [--rounds 3]

Both answer 250 only for what is on disk. Rounds alternate and the medians are compared. Without
Postfix (Debian's package, and root to run it) there is no anchor, and the rate stands alone.
Floor 0.6, goal 2.
"""

import argparse
import asyncio
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

from load import drive

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.databases import a_postgresql, create, named

SERVERS = Path(__file__).parent / "servers"


def gateway(*words: str) -> tuple[subprocess.Popen[str], int, list[str]]:
    """Start a gateway; return it, its port and the addresses it takes mail for."""
    command = [sys.executable, str(SERVERS / "gateway.py"), *words]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    port, *addresses = (server.stdout.readline() if server.stdout else "").split()
    return server, int(port), addresses


def postfix() -> tuple[subprocess.Popen[bytes], int] | None:
    """Start Postfix; None where it cannot be."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = subprocess.Popen([sys.executable, str(SERVERS / "postfix.py"), str(port)])
    for _ in range(100):
        if server.poll() is not None:
            return None
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server, port
        time.sleep(0.1)
    server.terminate()
    return None


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--mails", type=int, default=1500)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    ours: list[float] = []
    theirs: list[float] = []
    running: list[subprocess.Popen[str] | subprocess.Popen[bytes]] = []
    with a_postgresql() as server:
        url = named(server, asyncio.run(create(server)))
        try:
            one, port, addresses = gateway(url)
            running.append(one)
            other, second, _ = gateway(url, "join")
            running.append(other)
            anchor = postfix()
            running += [anchor[0]] if anchor else []
            for turn in range(given.rounds):
                first = turn * given.mails
                rate = drive([port, second], addresses, first, given.mails, given.sessions)
                ours.append(asyncio.run(rate))
                if anchor:
                    box = ["box@example.test"]
                    rate = drive([anchor[1]], box, first, given.mails, given.sessions)
                    theirs.append(asyncio.run(rate))
        finally:
            for process in running:
                process.terminate()
                process.wait()
    rate, base = statistics.median(ours), statistics.median(theirs) if theirs else 0.0
    print(f"{'server':<36}{'mails/s':>9}{'ratio':>8}")
    if base:
        print(f"{'Postfix, maildir':<36}{base:>9.0f}{1:>8.2f}")
    told = f"{rate / base:>8.2f}" if base else "  no Postfix here to compare with"
    print(f"{'Rejoinder, PostgreSQL, 2 processes':<36}{rate:>9.0f}{told}  floor 0.6, goal 2")


main()
