"""Two processes on PostgreSQL beside Postfix delivering to a maildir. One mail a connection.

    python bench/postgres.py [--mails 1500] [--sessions 20] [--rounds 3]

Both answer 250 only for what is on disk. Rounds alternate and the medians are compared. A round
of Postfix's is timed to its last 250, and ours begins when all of that is delivered: else we would
share the machine with what it has yet to do. Without Postfix (Debian's package, and root to run
it) there is no anchor, and the rate stands alone.
Floor 0.6, goal 2.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvloop
from load import asked, drive

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.peers.awaiting import until
from tests.peers.mailbox import Mailbox
from tests.peers.postfix import MASTER, postfix
from tests.support.databases import a_postgresql, create, named

_SETTLE_SECONDS = 120.0
SERVERS = Path(__file__).parent / "servers"
ANCHOR = """\
local_recipient_maps =
smtpd_client_connection_count_limit = 0
in_flow_delay = 0
virtual_mailbox_domains = example.test
virtual_mailbox_maps = static:box/
"""


def gateway(*words: str) -> tuple[subprocess.Popen[str], int, list[str]]:
    """Start a gateway; return it, its port and the addresses it takes mail for."""
    command = [sys.executable, str(SERVERS / "gateway.py"), *words]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    port, *addresses = (server.stdout.readline() if server.stdout else "").split()
    return server, int(port), addresses


@contextmanager
def anchor() -> Iterator[Mailbox | None]:
    """Run Postfix; None where it cannot be."""
    if os.geteuid() or not MASTER.exists():
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="anchor-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        with postfix(Path(folder), ANCHOR) as server:
            yield server


def settle(server: Mailbox, mails: int) -> None:
    """Wait until so many mails lie in the maildir."""
    inbox = server.inbox("box")
    delivered = "Postfix has delivered all it took"
    until(lambda: sum(1 for _ in inbox.glob("*")) >= mails, delivered, _SETTLE_SECONDS)


def main() -> None:
    """Measure, and print the table."""
    given = asked(__doc__)
    ours: list[float] = []
    theirs: list[float] = []
    running: list[subprocess.Popen[str]] = []
    with a_postgresql() as server, anchor() as beside:
        url = named(server, asyncio.run(create(server)))
        try:
            one, port, addresses = gateway(url)
            running.append(one)
            other, second, _ = gateway(url, "join")
            running.append(other)
            for turn in range(given.rounds):
                first = turn * given.mails
                rate = drive([port, second], addresses, first, given.mails, given.sessions)
                ours.append(uvloop.run(rate))
                if beside:
                    box = ["box@example.test"]
                    rate = drive([beside.port], box, first, given.mails, given.sessions)
                    theirs.append(uvloop.run(rate))
                    settle(beside, first + given.mails)
        finally:
            for process in running:
                process.terminate()
                process.wait()
    usual, base = statistics.median(ours), statistics.median(theirs) if theirs else 0.0
    print(f"{'server':<36}{'mails/s':>9}{'ratio':>8}")
    if base:
        print(f"{'Postfix, maildir':<36}{base:>9.0f}{1:>8.2f}")
    told = f"{usual / base:>8.2f}" if base else "  no Postfix here to compare with"
    print(f"{'Rejoinder, PostgreSQL, 2 processes':<36}{usual:>9.0f}{told}  floor 0.6, goal 2")


main()
