"""Watches a gateway while it is attacked: a good mail each second, and the memory it takes.

In a process of its own, so that what is measured is the gateway and not the attacker.
"""

import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import Event, Process, Queue
from multiprocessing.synchronize import Event as EventType
from pathlib import Path

MEGABYTE = 1024 * 1024
_HOME = "127.9.9.9"


@dataclass(frozen=True, slots=True)
class Offered:
    """One good mail: when it was offered, how long its answer took, what it was."""

    at: float
    seconds: float
    answer: str


class Watch:
    """A good mail each second until ``end``."""

    def __init__(self, port: int, addresses: Sequence[str]) -> None:
        """Begin to offer."""
        self._told: Queue[Offered | None] = Queue()
        self._ended = Event()
        given = (port, tuple(addresses), self._told, self._ended)
        self._process = Process(target=_offer_each_second, args=given)
        self._process.start()

    def end(self) -> list[Offered]:
        """Return what became of the good mails."""
        self._ended.set()
        told = list(iter(self._told.get, None))
        self._process.join()
        return told


class Memory:
    """The most memory a process has had, since it was asked last."""

    def __init__(self, pid: int) -> None:
        """Look at this process."""
        self._folder = Path(f"/proc/{pid}")

    def begin(self) -> None:
        """Forget the peak so far (proc(5), clear_refs)."""
        (self._folder / "clear_refs").write_text("5")

    def peak(self) -> float:
        """Return the peak since, in megabytes."""
        for line in (self._folder / "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        raise SystemExit("the gateway has ended")


def _offer_each_second(
    port: int, addresses: tuple[str, ...], told: "Queue[Offered | None]", ended: EventType
) -> None:
    number = 0
    began = time.monotonic()
    while not ended.is_set():
        number += 1
        at = time.monotonic()
        answer = _offer(port, addresses[number % len(addresses)], number)
        told.put(Offered(at, time.monotonic() - at, answer))
        ended.wait(max(0.0, began + number - time.monotonic()))
    told.put(None)


def _offer(port: int, to: str, number: int) -> str:
    """Offer one mail as a mail server does; return the last answer, or what went wrong."""
    mail = (
        f"From: Bo <bo@example.net>\r\nTo: <{to}>\r\nSubject: Re: x\r\n"
        f"Message-ID: <good-{number}@bench>\r\n\r\nReply number {number}, thank you.\r\n.\r\n"
    )
    said = ("EHLO bench\r\n", "MAIL FROM:<bo@example.net>\r\n", f"RCPT TO:<{to}>\r\n", "DATA\r\n")
    try:
        with socket.create_connection(("127.0.0.1", port), 30, source_address=(_HOME, 0)) as line:
            answers = line.makefile("rb")
            answer = _answer(answers.readline)
            for one in (*said, mail):
                if answer[:1] not in ("2", "3"):
                    return answer
                line.sendall(one.encode())
                answer = _answer(answers.readline)
            return answer
    except OSError as error:
        return type(error).__name__


def _answer(readline: Callable[[], bytes]) -> str:
    line = readline()
    while line[3:4] == b"-":
        line = readline()
    return line.decode("ascii", "replace").strip()
