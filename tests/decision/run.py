"""Play for long: so many steps on each database, each compared with the oracle.

    make decisions                20,000 steps on SQLite and on PostgreSQL
    make decisions STEPS=2000

Each play is new. A disagreement ends it with the steps that led there.
"""

import asyncio
import logging
import sys
import tempfile
import time
from pathlib import Path

import structlog
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core.store.database import open_database
from tests.decision import machine
from tests.support.databases import a_postgresql

_STEPS_A_PLAY = 100


def main(steps: int) -> None:
    """Play on SQLite, then on PostgreSQL."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as folder:
        _play(f"sqlite:///{folder}/rejoinder.db", steps)
    with a_postgresql() as url:
        _play(url, steps)


def _play(url: str, steps: int) -> None:
    """Play so many steps at least, and say how many that were."""
    asyncio.run(_migrate(url))
    began, played = time.monotonic(), machine.play(url)
    one = settings(
        max_examples=max(1, steps // (4 * _STEPS_A_PLAY)),
        stateful_step_count=_STEPS_A_PLAY,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    while played.steps < steps:  # a play may be shorter than it may be
        run_state_machine_as_test(played, settings=one)
    took = time.monotonic() - began
    kind = url.partition(":")[0]
    sys.stdout.write(f"{kind}: {played.steps} steps agree with the oracle ({took:.0f} s)\n")


async def _migrate(url: str) -> None:
    database = open_database(url)
    await database.migrate()
    await database.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
