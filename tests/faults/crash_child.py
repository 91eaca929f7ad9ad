"""The notifier in a process of its own, killed by itself at a point: SIGKILL, nothing is finished.

    python -m tests.faults.crash_child     a line of JSON in: a run; out: its pid, its status

It has everything imported, and has worked once itself, which compiles statements and templates;
then it forks for each run, so that one takes some tenths of a second and not several. The child
watches for its point by the interpreter's own tracing: nothing of ours knows of it.
"""

import asyncio
import importlib
import json
import os
import signal
import sys
import threading
from contextlib import suppress
from types import CodeType, FrameType
from typing import Any

from core.clock import ShiftedClock, SystemClock
from core.config.ways_out import RelaySettings, WebhookSettings
from core.model.delivery import EMAIL
from core.nudge import Nudge
from core.store import deliveries, pending
from core.store.database import Database, Session, open_database
from notifier.channels.base import Channel
from notifier.channels.email.relay import SmtpRelay
from notifier.channels.email.write import MailWriter
from notifier.channels.webhook.call import WebhookClient
from notifier.context import NotifierContext
from notifier.queue.pool import Pace
from notifier.worker import work
from tests.faults.crash_points import POINTS, Point
from tests.support import stored
from tests.support.notifying import IDENTITY
from tests.support.people import APP

UNREACHED = 0
_PACE = Pace(poll_seconds=0.01)
_LOOK_SECONDS = 0.01


class Watcher:
    """Kills the process as a point is reached for the nth time."""

    def __init__(self, point: Point, nth: int) -> None:
        """Watch for a point of the code."""
        self._point, self._left = point, nth
        self._code = _code_of(point.code)
        self._after = _code_of(point.after) if point.after else None
        self._is_armed = self._after is None

    def __call__(self, frame: FrameType, event: str, _arg: Any) -> Any:
        """Look at a function that is called; watch its return, if that is of interest."""
        if frame.f_code is self._code and event == "call" and self._is_armed:
            if self._point.event == "call":
                self._come_by(frame)
                return None
            frame.f_trace_lines = False
            return self._returning
        if frame.f_code is self._after and event == "call":
            frame.f_trace_lines = False
            return self._arming
        return None

    def _returning(self, frame: FrameType, event: str, _arg: Any) -> Any:
        if event == "return":
            self._come_by(frame)
        return self._returning

    def _arming(self, _frame: FrameType, event: str, _arg: Any) -> Any:
        self._is_armed = self._is_armed or event == "return"
        return self._arming

    def _come_by(self, frame: FrameType) -> None:
        for name, value in self._point.where.items():
            if getattr(frame.f_locals.get("work"), name, None) != value:
                return
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def _code_of(name: str) -> CodeType:
    module, _, path = name.partition(":")
    found: Any = importlib.import_module(module)
    for step in path.split("."):
        found = getattr(found, step)
    code: CodeType = found.__code__
    return code


def main() -> None:
    """Make a run of each line, one after the other, until there are no more."""
    for point in POINTS:  # all is imported before anything forks
        if point.code:
            _code_of(point.code)
    answers = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is logged is no answer
    asyncio.run(_work_all(json.loads(sys.stdin.readline())))
    _say(answers, os.getpid())
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _run(json.loads(line))
        _say(answers, child)
        _, status = os.waitpid(child, 0)
        _say(answers, status)


def _say(answers: int, number: int) -> None:
    os.write(answers, f"{number}\n".encode())


def _run(given: dict[str, Any]) -> None:
    """Work until nothing is left to do, or until killed; never return."""
    status = 1
    try:
        if given["point"] is not None and POINTS[given["point"]].code:
            watcher = Watcher(POINTS[given["point"]], given["nth"])
            threading.settrace(watcher)
            sys.settrace(watcher)
        asyncio.run(_work_all(given))
        status = UNREACHED
    finally:
        os._exit(status)


async def _work_all(given: dict[str, Any]) -> None:
    database = open_database(given["database"])
    clock = ShiftedClock(SystemClock(), given["shift"])
    relay = SmtpRelay(RelaySettings(host="127.0.0.1", port=given["relay"], tls="none"))
    client = WebhookClient(WebhookSettings(allow_private=True))
    channels = {EMAIL: Channel(MailWriter(IDENTITY, ()), relay)}
    at = NotifierContext(database, clock, IDENTITY, channels, client, lambda: 0.0)
    task = asyncio.create_task(work("w", at, _PACE, Nudge()))
    while await _is_something_left(database):  # noqa: ASYNC110  the database has no event
        await asyncio.sleep(_LOOK_SECONDS)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await relay.close()
    await client.close()
    await database.close()


async def _is_something_left(database: Database) -> bool:
    def look(session: Session) -> bool:
        owed = pending.of_app(session, APP, 1)
        waiting = deliveries.listed(session, APP, waiting_only=True, limit=1)
        return bool(owed or waiting or stored.waking_streams(session, APP, "whk"))

    return await database.read(look)


if __name__ == "__main__":
    main()
