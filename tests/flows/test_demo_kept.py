"""The demo that goes on running prints lines to talk to it, and each of them works."""

import asyncio
import shlex
import signal
import smtplib
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
_DEMO = (sys.executable, str(ROOT / "rejoinder.py"))
_SECONDS = 60


@dataclass
class Kept:
    """A demo that goes on running, and the lines it invites to."""

    process: asyncio.subprocess.Process
    lines: list[list[str]]

    def called(self, name: str) -> list[list[str]]:
        """Return the words behind the name, of every line that calls this program."""
        return [words[1:] for words in self.lines if words[0] == name]


@pytest.fixture
async def kept() -> AsyncIterator[Kept]:
    """Run the demo until it has printed its lines."""
    process = await asyncio.create_subprocess_exec(
        *_DEMO, "demo", "--keep", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    lines: list[list[str]] = []
    try:
        async with asyncio.timeout(_SECONDS):
            while not lines or lines[-1][:3] != ["rejoinder", "mail", "list"]:
                line = (await process.stdout.readline()).decode()
                assert line, "it ended"
                if line.startswith(("curl ", "swaks ", "rejoinder ")):
                    lines.append(shlex.split(line))
        yield Kept(process, lines)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await process.communicate()


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


async def test_each_line_it_prints_works(kept: Kept) -> None:
    """What is said by curl and answered by swaks stands in the conversation; explain explains."""
    (read, say), (answer,) = kept.called("curl"), kept.called("swaks")
    said = await asyncio.to_thread(_by_curl, say)
    await asyncio.to_thread(_by_swaks, answer)
    seen = (await asyncio.to_thread(_by_curl, read)).json()["data"]
    told = [await _by_rejoinder(words) for words in kept.called("rejoinder")[-2:]]
    kept.process.send_signal(signal.SIGINT)
    code = await kept.process.wait()

    assert said.is_success
    assert [one["text"] for one in seen[:2]] == ["And a bell?", "One more thing ..."]
    assert "opted out" in told[0]
    assert "accept\tposted" in told[1]
    assert code == 0


async def _by_rejoinder(words: list[str]) -> str:
    """Run one of our commands and return what it tells."""
    process = await asyncio.create_subprocess_exec(*_DEMO, *words, stdout=asyncio.subprocess.PIPE)
    told, _ = await process.communicate()
    return told.decode()
