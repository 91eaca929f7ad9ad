"""A gateway as an operator has it: ``rejoinder init``, then ``rejoinder serve`` as a plain user.

People in it: Ann, Bo and Cleo, in the conversations ``bike`` and ``boat``. Its settings are what
``init`` wrote and the flags that are given.
"""

import os
import pwd
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.peers.awaiting import until
from tests.peers.processes import ended, environment

ROOT = Path(__file__).resolve().parents[2]
DOMAIN = "reply.example.org"
USER = "nobody"  # exists everywhere, and may do nothing
SECONDS = 30
PROGRAM = (sys.executable, str(ROOT / "rejoinder.py"))


@dataclass
class Served:
    """A running gateway; ``places`` are the lines it said, by what listens."""

    folder: Path
    places: dict[str, str]
    zone: str
    secret: str = ""
    admin: httpx.Client = field(default_factory=httpx.Client)

    @property
    def config(self) -> str:
        """The settings file."""
        return str(self.folder / "rejoinder.toml")

    def port(self, what: str) -> int:
        """Return the port at which something listens."""
        return int(self.places[what].split(" ")[0].rpartition(":")[2])

    def api(self, method: str, path: str, json: Any = None) -> Any:
        """Ask the API of the shop."""
        url = f"http://127.0.0.1:{self.port('http')}/v1/shop{path}"
        asked = httpx.request(
            method, url, json=json, headers={"Authorization": f"Bearer {self.secret}"}
        )
        assert asked.is_success, asked.text
        return asked.json()

    def address(self, room: str, who: str) -> str:
        """Return somebody's reply address in a conversation."""
        told = self.api("GET", f"/conversations/{room}/participants/{who}/email")
        return str(told["emailAddress"])

    def said(self, room: str) -> list[str]:
        """Return what was said in a conversation by mail, as ``who: text``, the oldest first."""
        told = self.api("GET", f"/conversations/{room}/messages")["data"]
        words = [
            f"{one['senderId']}: {one['text']}" for one in told if one.get("origin") == "email"
        ]
        return words[::-1]

    def hears(self, room: str, after: int = 0) -> str:
        """Return the next words that come by mail into a conversation, after so many."""
        return until(lambda: self.said(room)[after:], f"something is said in {room}")[0]

    def receipts(self) -> list[dict[str, Any]]:
        """Return what is kept of the mails that came in."""
        return list(self.api("GET", "/receipts")["data"])


@contextmanager
def served(folder: Path, *flags: str, **variables: str) -> Iterator[Served]:
    """Run a new gateway until left; the folder becomes its user's."""
    folder.mkdir()
    os.chown(folder, *_ids())
    words = ["--domain", DOMAIN, "--from-address", "shop@example.org"]
    one = Served(folder, {}, rejoinder(folder, "init", "--hostname", "mx.example.org", *words))
    with running(one, *flags, **variables):
        transport = httpx.HTTPTransport(uds=str(folder / "rejoinder.db.sock"))
        with httpx.Client(transport=transport, base_url="http://rejoinder") as one.admin:
            _furnish(one)
            yield one


@contextmanager
def running(one: Served, *flags: str, **variables: str) -> Iterator[None]:
    """Run a gateway until left; a second time over what the first has left."""
    free = ["smtp.host=127.0.0.1", "smtp.port=0", "http.port=0", "notifier.poll_seconds=0.1"]
    sets = [word for setting in free for word in ("--set", setting)]
    with (
        (one.folder / "serve.log").open("ab") as log,
        subprocess.Popen(
            [*PROGRAM, "serve", *sets, *flags],
            cwd=one.folder, env=environment(**variables), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True, user=USER,
            group=_ids()[1], extra_groups=[],
        ) as process,
        ended(process),
    ):  # fmt: skip
        expected = {"http", "smtp", "notifier"} | {"lmtp" for flag in flags if "lmtp" in flag}
        one.places = _listens(process, one.folder, expected)
        yield


def rejoinder(folder: Path, *words: str) -> str:
    """Run a command to its end and return what it says."""
    ran = subprocess.run(
        [*PROGRAM, *words], cwd=folder, env=environment(), capture_output=True, text=True,
        timeout=SECONDS, check=False, user=USER, group=_ids()[1], extra_groups=[],
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def _ids() -> tuple[int, int]:
    user = pwd.getpwnam(USER)
    return user.pw_uid, user.pw_gid


def _listens(process: subprocess.Popen[str], folder: Path, expected: set[str]) -> dict[str, str]:
    """Read where it listens, until all that is expected does."""
    assert process.stdout is not None
    timer = threading.Timer(SECONDS, process.kill)
    timer.daemon = True
    timer.start()
    places: dict[str, str] = {}
    while not expected <= places.keys():
        line = process.stdout.readline()
        assert line, (folder / "serve.log").read_text("utf-8")
        what, _, where = line.strip().partition(" listening on ")
        places[what.split(" ")[0]] = where
    timer.cancel()
    return places


def _furnish(one: Served) -> None:
    """Found the shop, its people and its conversations; a missed message is told of at once."""
    made = one.admin.post("/admin/apps", json={"id": "shop", "name": "The shop"})
    one.secret = str(made.json()["secretKey"])
    people = {name: {"name": name.title(), "email": [f"{name}@example.net"]} for name in PEOPLE}
    one.api("PUT", "/users", people)
    one.api("PUT", "/roles/default", {"timeoutSeconds": 0})
    for room in ("bike", "boat"):
        one.api("PUT", f"/conversations/{room}", {"participants": list(PEOPLE)})


PEOPLE = ("ann", "bo", "cleo")
