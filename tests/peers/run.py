"""Real mail servers, on this machine: does a reply find its way through each, and a digest out?

    make peers                              all of them
    .venv/bin/python tests/peers/run.py Exim pipe     those that all words are in

It needs root, and Debian's packages; what is missing is told, or fetched. Each server runs on
loopback in a folder of its own, which is removed, and with the lines that the documentation tells.
Exit 1 if anything does not hold.
"""

import os
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.peers import (
    exim_as_relay,
    exim_in_front,
    haproxy_in_front,
    postfix_as_relay,
    postfix_in_front,
)
from tests.peers.packages import install_postfix
from tests.peers.rounds import Found, Round
from tests.peers.view import enter

ROUNDS = (
    *postfix_in_front.ROUNDS,
    *postfix_as_relay.ROUNDS,
    *exim_in_front.ROUNDS,
    *exim_as_relay.ROUNDS,
    *haproxy_in_front.ROUNDS,
)


def main() -> int:
    """Play the rounds that were asked for, and tell what was found."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 150)
    if os.geteuid():
        console.print("Mail servers are started as root; you are not.", style="red")
        return 2
    enter()
    rounds = [one for one in ROUNDS if all(word in one.name for word in sys.argv[1:])]
    table = Table("peer", "way", "what", "", box=None)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="peers-", dir="/tmp") as larder:
        Path(larder).chmod(0o755)
        for one in rounds:
            console.print(f"{one.name} ...", style="dim")
            for what, why in _played(one, Path(larder)).results:
                failed += bool(why)
                table.add_row(one.peer, one.way, what, why or "ok", style="red" if why else "")
    console.print(table)
    return 1 if failed or not rounds else 0


def _played(one: Round, larder: Path) -> Found:
    """Play a round in a folder of its own; what goes wrong is a result too."""
    with tempfile.TemporaryDirectory(prefix="peer-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        found = Found(Path(name), larder)
        try:
            install_postfix()
            one.play(found)
        except Exception as error:  # noqa: BLE001  the other rounds are played all the same
            found.failed(error)
        return found


if __name__ == "__main__":
    sys.exit(main())
