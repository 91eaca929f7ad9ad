"""What few processes need is imported late, or not at all."""

import subprocess
import sys
from pathlib import Path

import pytest

from core.lazy_import import lazy_import, without

ROOT = Path(__file__).parents[2]

# What only the running service, a sent mail or a checked one needs.
HEAVY = (
    "fastapi",
    "sqlalchemy",
    "aiosmtpd",
    "aiosmtplib",
    "jinja2",
    "cryptography",
    "gateway.inbound",
)


def _loaded(statement: str) -> set[str]:
    """Return which modules a fresh process has loaded after a statement."""
    tell = (
        "import sys; print(*(name for name, one in sys.modules.items()"
        " if type(one).__name__ != '_LazyModule'))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", f"{statement}; {tell}"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    )  # fmt: skip
    return set(ran.stdout.split())


def test_a_late_module_that_nobody_has_is_missed_at_once() -> None:
    """A misspelt name ends the start, not the first mail."""
    with pytest.raises(ImportError):
        lazy_import("core.no_such_module")


def test_without_lets_a_library_be_there_again_afterwards() -> None:
    """Only what is imported inside finds it missing."""
    import html  # noqa: PLC0415

    with without("html"), pytest.raises(ImportError):
        import html.entities  # noqa: PLC0415

    assert sys.modules["html"] is html


@pytest.mark.parametrize("name", HEAVY)
def test_the_door_opens_without(name: str, loaded_by_the_door: set[str]) -> None:
    """A command that needs no rooms does not wait for them to be loaded."""
    assert name not in loaded_by_the_door


@pytest.fixture(scope="module")
def loaded_by_the_door() -> set[str]:
    """Return what every command waits for."""
    return _loaded("import rejoinder")


def test_the_log_draws_nothing() -> None:
    """The service tells exceptions in plain lines, so it keeps no library for drawing them."""
    assert not {"rich.console", "rich.traceback", "pygments"} & _loaded("import wiring")
