"""A process that watches a conversation, and prints the number of each change it is told.

    python -m tests.faults.watcher DATABASE_URL APP CONVERSATION AFTER

It looks by itself so seldom that within a test only wake-ups count.
"""

import asyncio
import sys

from core import observe
from core.changes import Changes
from core.clock import SystemClock
from core.store.database import open_database

_NEVER_SECONDS = 3_600.0


async def main(url: str, app_id: str, conversation_id: str, after: str) -> None:
    """Watch until killed."""
    observe.configure("error", json=False)  # what is printed are numbers
    database = open_database(url)
    watched = Changes(database, SystemClock(), _NEVER_SECONDS)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(watched.run())
        async with watched.watching(app_id, conversation_id, after=int(after)) as watch:
            async for _ in watch:
                sys.stdout.write(f"{watch.number}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
