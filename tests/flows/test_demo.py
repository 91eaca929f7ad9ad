"""The demo is the main job over real sockets, and it ends by itself."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def told() -> subprocess.CompletedProcess[str]:
    """Return the demo, run once to its end."""
    return subprocess.run(
        [sys.executable, str(ROOT / "rejoinder.py"), "demo"],
        capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "REJOINDER_SMTP__PORT": "1"},  # the demo minds no settings but its own
    )  # fmt: skip


def test_it_ends_by_itself_and_well(told: subprocess.CompletedProcess[str]) -> None:
    """Exit code 0, nothing on standard error, no colour where there is no terminal."""
    assert (told.returncode, told.stderr) == (0, "")
    assert "\x1b" not in told.stdout


@pytest.mark.parametrize(
    "point",
    [
        pytest.param("| Reply-To: Second Wheel <r+", id="the mail that goes out is shown"),
        pytest.param("| > And could I try it on Saturday?", id="the reply quotes it"),
        pytest.param("| bo, by email: Yes, it is!", id="the reply arrives as a message"),
        pytest.param(
            "| Subject: Did you write this?", id="the owner is asked about a forged sender"
        ),
        pytest.param("ok  Bo says no, and the address is dead", id="a stolen address is revoked"),
        pytest.param("| 550 5.1.1 There is nobody", id="an unknown address is refused"),
        pytest.param("| 550 5.7.1 You may no longer write", id="who may only read is refused"),
        pytest.param("ok  but posted once", id="the same reply again is posted once"),
        pytest.param("ok  looking at the link changes nothing", id="a GET opts nobody out"),
        pytest.param("| opted_out: They have opted out", id="explain says why no mail was sent"),
    ],
)
def test_the_story_has_its_points(told: subprocess.CompletedProcess[str], point: str) -> None:
    """Each point of the story is on the screen."""
    assert point in told.stdout


def test_the_html_can_be_opened_afterwards(told: subprocess.CompletedProcess[str]) -> None:
    """The file of the mail's HTML is there when the demo has ended."""
    named = re.search(r"open file://(\S+)", told.stdout)

    file = Path(named[1] if named else "")
    page = file.read_text(encoding="utf-8")
    file.unlink()
    assert "Hi Bo, is the red bike still there?" in page
