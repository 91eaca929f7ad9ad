"""The decisions on a real database are those of the oracle. ``make decisions`` plays for longer."""

import shutil
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.decision.machine import play
from tests.support.databases import Emptied

_SHORT = settings(
    max_examples=6,
    stateful_step_count=40,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def test_decisions_are_those_of_the_oracle_on_sqlite(sqlite_template: Path, tmp_path: Path) -> None:
    """Messages, typing, pages, reading, editing, muting, opting out, clocks and crashes."""
    shutil.copy(sqlite_template, tmp_path)

    run_state_machine_as_test(play(f"sqlite:///{tmp_path}/rejoinder.db"), settings=_SHORT)


def test_decisions_are_those_of_the_oracle_on_postgresql(emptied: Emptied) -> None:
    """The same on the other engine."""
    run_state_machine_as_test(play(emptied.url), settings=_SHORT)
    emptied.empty()
