"""Does a mail answer a digest that lies behind the latest ones? Then it is read once more with it.

What somebody said long ago must not be posted as another's words. The mail itself says so: it
names what it answers, by the digest's Message-ID or its marker.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial

from core.model.member import Correspondent
from core.store import traces
from core.store.database import Database, Session
from core.store.traces import Trace
from gateway.reading import LATEST_DIGESTS, Reading


async def read_beside_sent(
    read: Callable[[Sequence[Trace]], Awaitable[Reading]],
    sent: Sequence[Trace],
    named: Correspondent | None,
    database: Database,
) -> tuple[Reading, Sequence[Trace]]:
    """Read a mail beside the latest digests, once more if it answers older ones; with which, too.

    ``sent``: the latest ones; where they are few, there is no older one to look for.
    """
    reading = await read(sent)
    if named is None or not reading.older or len(sent) < LATEST_DIGESTS:
        return reading, sent
    look = partial(_older, named=named, sent=sent, names=reading.older)
    sent = await database.glance(look)
    return await read(sent), sent


def _older(
    session: Session, named: Correspondent, sent: Sequence[Trace], names: Collection[str]
) -> Sequence[Trace]:
    """Return the digests that a mail names as what it answers, beside the latest ones."""
    whose = (named.app_id, named.conversation_id, named.user_id)
    found = traces.named(session, whose, names, LATEST_DIGESTS)
    return (*sent, *(one for one in found if one not in sent))
