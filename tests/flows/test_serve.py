"""One process, started and stopped as an operator does it."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
FREE = ("--set", "smtp.host=127.0.0.1", "--set", "smtp.port=0", "--set", "http.port=0")


def rejoinder(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, in a folder of its own."""
    return subprocess.run(
        [sys.executable, str(ROOT / "rejoinder.py"), *words],
        cwd=folder, capture_output=True, text=True, timeout=60, check=False, env=_environment(),
    )  # fmt: skip


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files of ``init``, to be copied."""
    folder = tmp_path_factory.mktemp("init")
    assert rejoinder(folder, "init").returncode == 0
    return folder


@pytest.fixture
def folder(begun: Path, tmp_path: Path) -> Path:
    """Return a folder of a test's own with the files of ``init``."""
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    return tmp_path


Serving = tuple[Path, subprocess.Popen[str], list[str]]


@contextmanager
def _serving(folder: Path) -> Iterator[Serving]:
    """Serve in a folder, until left; give the lines that were said too."""
    with subprocess.Popen(
        [sys.executable, str(ROOT / "rejoinder.py"), "serve", *FREE],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env=_environment(),
    ) as process:  # fmt: skip
        assert process.stdout is not None
        said = [process.stdout.readline().strip() for _ in range(3)]
        yield folder, process, said
        process.kill()


@pytest.fixture
def serving(folder: Path) -> Iterator[Serving]:
    """Yield the folder of a process that serves, the process, and the lines it has said."""
    with _serving(folder) as running:
        yield running


@pytest.fixture(scope="module")
def served(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """Yield the same of a process that several tests ask things of, and none stops."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(begun, folder, dirs_exist_ok=True)
    with _serving(folder) as running:
        yield running


def test_it_says_where_it_listens_and_stops_when_asked(serving: Serving) -> None:
    """A line a listener; SIGTERM ends it within seconds with 0 and leaves no socket behind."""
    folder, process, said = serving
    http_port, smtp_port = (int(line.rpartition(":")[2]) for line in said[1:])
    with socket.create_connection(("127.0.0.1", smtp_port), timeout=5) as peer:
        greeting = peer.recv(100)
    socket.create_connection(("127.0.0.1", http_port), timeout=5).close()

    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=15) == 0
    assert greeting.startswith(b"220 ")
    assert said[2].startswith("smtp listening on 127.0.0.1:")
    assert not (folder / "rejoinder.db.sock").exists()


@pytest.mark.parametrize("room", ["http", "notifier"])
def test_a_hangup_ends_no_room(folder: Path, room: str) -> None:
    """A deploy hook sends SIGHUP to whatever may hold a certificate, also to what shows none."""
    with subprocess.Popen(
        [sys.executable, str(ROOT / "rejoinder.py"), "serve", "--only", room, *FREE],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env=_environment(),
    ) as process:  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGHUP)
        with _operator(folder) as operator:
            answered = operator.get("/admin/apps")
        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=15) == 0
    assert answered.json()["data"] == []


def test_commands_ask_the_running_process(served: Serving) -> None:
    """While it serves, commands reach it over a socket that only its owner may open."""
    folder, _, _ = served

    made = rejoinder(folder, "app", "create", "shop", "--json")
    listed = rejoinder(folder, "app", "list", "--json")

    mode = (folder / "rejoinder.db.sock").stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600
    assert json.loads(made.stdout)["secretKey"].startswith("sk_live_")
    assert [one["id"] for one in json.loads(listed.stdout)] == ["shop"]


def test_a_second_process_on_the_same_file_is_refused(served: Serving) -> None:
    """It says whose the file is, and ends with 2."""
    folder, process, _ = served

    second = rejoinder(folder, "serve", *FREE)

    assert second.returncode == 2
    assert f"in use by process {process.pid}" in second.stderr


@pytest.mark.parametrize("setting", ["smtp.port", "http.port"])
def test_a_port_that_is_taken_is_told(folder: Path, setting: str) -> None:
    """One clear line with the setting to change, and exit code 2."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        refused = rejoinder(folder, "serve", *FREE, "--set", f"{setting}={port}")

    line = refused.stderr.splitlines()[-1]
    assert refused.returncode == 2
    assert line.startswith(f"rejoinder: {setting}: cannot listen on 127.0.0.1:{port}:")


def test_without_keys_nothing_is_served(tmp_path: Path) -> None:
    """Before ``init``, serve names what is missing and how to get it."""
    refused = rejoinder(tmp_path, "serve", *FREE)

    assert refused.returncode == 2
    assert "rejoinder init" in refused.stderr


def test_commands_work_when_nothing_runs(folder: Path) -> None:
    """Without a running process a command opens the database itself and keeps what it did."""
    rejoinder(folder, "app", "create", "shop")
    rejoinder(folder, "user", "create", "ann", "--email", "ann@example.com")

    shown = rejoinder(folder, "user", "show", "ann", "--json")

    assert json.loads(shown.stdout)["email"] == ["ann@example.com"]


def test_a_misspelled_room_is_wrong_usage(folder: Path) -> None:
    """--only takes rooms there are."""
    refused = rejoinder(folder, "serve", *FREE, "--only", "smpt")

    assert refused.returncode == 2
    assert "smpt: no such room" in refused.stderr


def _operator(folder: Path) -> httpx.Client:
    """Return a client of the socket of whoever serves in a folder."""
    transport = httpx.HTTPTransport(uds=str(folder / "rejoinder.db.sock"))
    return httpx.Client(transport=transport, base_url="http://rejoinder", timeout=15)


def _environment() -> dict[str, str]:
    """Return the environment without settings of the machine's own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("REJOINDER_")}
