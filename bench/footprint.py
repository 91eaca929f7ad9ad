"""What `rejoinder serve` costs while nothing happens: start-up, memory, memory per idle peer.

    python bench/footprint.py [--peers 500]

Floors: 3 s to `/readyz`, 120 MB of resident memory, 20 KB for each idle SMTP connection.
"""

import argparse
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until_ready(url: str, patience: float = 30.0) -> float:
    """Wait until the URL answers 200; return the seconds it took."""
    began = time.perf_counter()
    while time.perf_counter() - began < patience:
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:  # noqa: S310  our own
                if answer.status == 200:
                    return time.perf_counter() - began
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise TimeoutError(url)


def measure(folder: Path, peers: int) -> tuple[float, float, float]:
    """Return start-up in seconds, idle memory in MB, memory per idle peer in KB."""
    http, smtp = free_port(), free_port()
    door = [sys.executable, str(ROOT / "rejoinder.py")]
    subprocess.run([*door, "init"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    sets = {
        "http.port": http,
        "smtp.port": smtp,
        "smtp.host": "127.0.0.1",
        "smtp.max_connections": peers + 10,
    }
    flags = [word for name, value in sets.items() for word in ("--set", f"{name}={value}")]
    with subprocess.Popen(
        [*door, "serve", *flags],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            ready = until_ready(f"http://127.0.0.1:{http}/readyz")
            time.sleep(2)
            process = psutil.Process(server.pid)
            idle = process.memory_info().rss
            lines = [socket.create_connection(("127.0.0.1", smtp)) for _ in range(peers)]
            for line in lines:
                line.recv(200)
                line.sendall(b"EHLO idle.test\r\n")
                line.recv(1000)
            held = process.memory_info().rss
            for line in lines:
                line.close()
        finally:
            server.terminate()
    return ready, idle / 1e6, (held - idle) / peers / 1e3


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--peers", type=int, default=500)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ready, idle, each = measure(Path(folder), given.peers)
    print(f"{'start-up to /readyz, s':<36}{ready:>9.2f}  floor 3, goal 1")
    print(f"{'idle, resident MB':<36}{idle:>9.1f}  floor 120, goal 80")
    print(f"{'per idle SMTP connection, KB':<36}{each:>9.1f}  floor 20, goal 8")


main()
