"""Every figure of the engine in one run: speed beside its anchors, memory, start-up.

    python bench/all.py

Each bench prints its own table with its floor and goal; together they take some minutes. Ratios
are of one run on one machine: compare those, not the figures.
"""

import subprocess
import sys
from pathlib import Path

BENCHES = (
    ("inbound.py", "The way in: durable replies beside an aiosmtpd that discards"),
    ("outbound.py", "The way out: signed digests beside aiosmtplib with a ready-made mail"),
    ("footprint.py", "At rest: start-up and memory"),
    ("postgres.py", "Two processes on PostgreSQL beside Postfix delivering to a maildir"),
)


def main() -> None:
    """Run them one after another; exit with 1 if one could not run."""
    failed = []
    for name, title in BENCHES:
        print(f"\n{title}\n{'-' * len(title)}", flush=True)
        done = subprocess.run([sys.executable, str(Path(__file__).with_name(name))], check=False)
        if done.returncode:
            failed.append(name)
    if failed:
        sys.exit(f"could not run: {', '.join(failed)}")


main()
