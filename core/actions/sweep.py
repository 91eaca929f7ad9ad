"""Sweep away the objects that no attachment names.

An object is written before the transaction that names it, so one without a name may be about to
get it: only what is older than a day goes. The rest was left by a transaction that failed, by a
mail that was known, or by a message that is gone. Running it twice does nothing more.
"""

from functools import partial

from core.files.base import Files
from core.moment import DAY, Moment
from core.store import attachments
from core.store.database import Database


async def sweep(database: Database, files: Files, now: Moment) -> int:
    """Let objects without a name go that are older than a day; return how many."""
    gone = 0
    async for keys in files.older_than(now - DAY):
        if not keys:
            continue
        named = await database.read(partial(attachments.named, object_keys=keys))
        orphans = [key for key in keys if key not in named]
        await files.delete(orphans)
        gone += len(orphans)
    return gone
