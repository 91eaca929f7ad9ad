"""The demo is the main job over real sockets, and each line it invites to works.

It is run once, with ``--keep``: that shows the same, and goes on running until it is asked to
stop.
"""

import asyncio
import os
import re
import shlex
import signal
import smtplib
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import IO

import httpx
import pytest
from typer.testing import CliRunner

import rejoinder
from core import observe
from gateway.cli.demo import run as demo

ROOT = Path(__file__).resolve().parents[2]
_DEMO = (sys.executable, str(ROOT / "rejoinder.py"))
_LAST = ["rejoinder", "mail", "list"]
_SECONDS = 60


@dataclass(frozen=True)
class Played:
    """A demo that has ended, and what came of the lines it invited to."""

    code: int
    stdout: str
    stderr: str
    said: httpx.Response
    seen: list[dict[str, str]]
    told: list[str]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """Play the demo, do what it invites to, and end it."""
    errors = tmp_path_factory.mktemp("demo") / "stderr"
    with (
        errors.open("w+", encoding="utf-8") as stderr,
        subprocess.Popen(
            [*_DEMO, "demo", "--keep"], stdout=subprocess.PIPE, stderr=stderr, text=True,
            env={**os.environ, "REJOINDER_SMTP__PORT": "1"},  # it minds no settings but its own
        ) as process,
    ):  # fmt: skip
        late = threading.Timer(_SECONDS, process.kill)
        late.start()
        try:
            assert process.stdout is not None
            shown, lines = _until_it_invites(process.stdout)
            said, seen, told = _follow(lines)
            process.send_signal(signal.SIGINT)
            shown += process.stdout.read()
            code = process.wait()
        finally:
            late.cancel()
            process.kill()
        yield Played(code, shown, errors.read_text("utf-8"), said, seen, told)


def _until_it_invites(stdout: IO[str]) -> tuple[str, list[list[str]]]:
    """Return what is shown until the last line that it invites to, and those lines."""
    shown, lines = "", list[list[str]]()
    while not lines or lines[-1][:3] != _LAST:
        line = stdout.readline()
        assert line, f"it ended: {shown}"
        shown += line
        if line.startswith(("curl ", "swaks ", "rejoinder ")):
            lines.append(shlex.split(line))
    return shown, lines


def _follow(lines: list[list[str]]) -> tuple[httpx.Response, list[dict[str, str]], list[str]]:
    """Say something by curl, answer it by swaks, look, and ask by our own commands."""

    def called(name: str) -> list[list[str]]:
        return [words[1:] for words in lines if words[0] == name]

    (read, say), (answer,) = called("curl"), called("swaks")
    said = _by_curl(say)
    _by_swaks(answer)
    seen = _by_curl(read).json()["data"]
    return said, seen, [_by_rejoinder(words) for words in called("rejoinder")[-2:]]


def _by_curl(words: list[str]) -> httpx.Response:
    """Ask what a line for curl asks."""
    options = dict(zip(words[:-1:2], words[1:-1:2], strict=True))
    headers = [words[at + 1].split(": ") for at, word in enumerate(words) if word == "-H"]
    data = options.get("-d")
    return httpx.request(
        "POST" if data else "GET", words[-1], content=data, headers=[(a, b) for a, b in headers]
    )


def _by_swaks(words: list[str]) -> None:
    """Offer the mail that a line for swaks offers."""
    given = dict(zip(words[::2], words[1::2], strict=True))
    mail = EmailMessage()
    mail["From"], mail["To"] = given["--from"], given["--to"]
    name, _, value = given["--header"].partition(": ")
    mail[name] = value
    mail.set_content(given["--body"])
    host, _, port = given["--server"].partition(":")
    with smtplib.SMTP(host, int(port)) as peer:
        peer.send_message(mail)


def _by_rejoinder(words: list[str]) -> str:
    """Run one of our commands and return what it tells."""
    ran = subprocess.run([*_DEMO, *words], capture_output=True, text=True, check=True)
    return ran.stdout


def test_it_ends_well(played: Played) -> None:
    """Exit code 0, nothing on standard error, no colour where there is no terminal."""
    assert (played.code, played.stderr) == (0, "")
    assert "\x1b" not in played.stdout


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
def test_the_story_has_its_points(played: Played, point: str) -> None:
    """Each point of the story is on the screen."""
    assert point in played.stdout


def test_the_html_can_be_opened_afterwards(played: Played) -> None:
    """The file of the mail's HTML is there when the demo has ended."""
    named = re.search(r"open file://(\S+)", played.stdout)

    file = Path(named[1] if named else "")
    page = file.read_text(encoding="utf-8")
    file.unlink()
    assert "Hi Bo, is the red bike still there?" in page


def test_each_line_it_prints_works(played: Played) -> None:
    """What is said by curl and answered by swaks stands in the conversation; explain explains."""
    assert played.said.is_success
    assert [one["text"] for one in played.seen[:2]] == ["And a bell?", "One more thing ..."]
    assert "opted out" in played.told[0]
    assert "accept\tposted" in played.told[1]


def test_without_keep_it_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """When all is shown nobody is waited for, and the exit code is the demo's."""
    waited_for: list[object] = []

    async def play(_parts: object, stay: object = None) -> int:
        waited_for.append(stay)
        return 7

    monkeypatch.setattr(demo, "play", play)
    monkeypatch.setattr(rejoinder, "run", asyncio.run)
    monkeypatch.setattr(observe, "configure", lambda *_, **__: None)

    assert CliRunner().invoke(rejoinder.commands, ["demo"]).exit_code == 7
    assert waited_for == [None]


async def test_at_the_end_only_who_shall_stay_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The last step ends the demo where there is nothing to stay for."""
    monkeypatch.setattr(demo, "STEPS", ())
    service = demo.DemoService("", "http://x", 1, asyncio.Queue(), httpx.AsyncClient())

    async with asyncio.timeout(_SECONDS):
        assert await demo.perform(service) == 0
