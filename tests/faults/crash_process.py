"""The other end of ``crash_child``: one process that forks for each run."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class CrashProcess:
    """Runs the notifier, one run after the other; ``pid`` is that of the run under way."""

    _process: Process
    pid: int = field(default=0, init=False)

    async def warm_up(self, given: Mapping[str, Any]) -> None:
        """Let the process that forks work once itself; it is told so first, and once."""
        self._ask(given)
        await self._number()

    async def run(self, given: Mapping[str, Any]) -> int:
        """Run until it ends; return the signal that ended it, 0 if it ended by itself."""
        self._ask(given)
        self.pid = await self._number()
        status = await self._number()
        code = os.waitstatus_to_exitcode(status)
        assert code <= 0, f"the notifier ended with {code}"
        return -code

    def _ask(self, given: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{json.dumps(given)}\n".encode())

    async def _number(self) -> int:
        assert self._process.stdout is not None
        return int(await self._process.stdout.readline())


@asynccontextmanager
async def crashing() -> AsyncIterator[CrashProcess]:
    """Start what forks, until left."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.crash_child", cwd=ROOT, stdin=PIPE, stdout=PIPE
    )
    try:
        yield CrashProcess(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
