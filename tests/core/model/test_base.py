"""A noun made without its constructor is a noun all the same."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    "made",
    [
        pytest.param("fresh(Receipt, app_id='a', id='r')", id="one that is to be written"),
        pytest.param("bare(Receipt, {'app_id': 'a', 'id': 'r'})", id="one that was read"),
    ],
)
def test_the_first_noun_of_a_process_can_be_changed(made: str) -> None:
    """No query need have come before: the mail that comes right after a start is posted too."""
    program = (
        "from core.store.rows import bare, fresh\n"
        "from core.model.receipt import Receipt\n"
        f"one = {made}\n"
        "one.evidence = {'kind': 'reply'}\n"
        "assert one.evidence == {'kind': 'reply'}\n"
    )

    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert (ran.returncode, ran.stderr) == (0, "")
