"""The whole gateway as ``serve`` runs it, on a fresh SQLite file (synchronous=FULL) or a database.

    python gateway.py [--strangers] [URL [join]]

``join``: the tables and people are there already, and another process may listen too.
``--strangers``: peers on this machine are trusted no more than others, and a day has no more room
than it has anywhere; HTTP is listened for as well, and its port and the app's secret key are
printed behind the other port.
"""

import logging
import sys
import tempfile
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import structlog

sys.path.insert(0, str(Path(__file__).parents[2]))

from core.actions import converse, found_app
from core.address import Keyring, Purpose, Token, local_part
from core.clock import SystemClock
from core.config.ways_in import HttpSettings
from core.files.place import open_files
from core.model.app import App
from core.model.participant import Access, Notify
from core.model.user import User
from core.moment import Moment
from core.process import freeze_heap, run
from core.rules.day_limit import DAY_LIMITS, DayLimit, DayLimits
from core.store import apps
from core.store.database import Session, open_database
from gateway.capacity.share import Share
from gateway.context import Context
from gateway.http.asgi import build
from gateway.http.server import open_public
from gateway.smtp.handler import MailHandler
from gateway.smtp.listener import Listening, listening

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)
PLENTY = DayLimit(10**9, 10**15)  # a bench writes more in a day than anybody


def _reply_address(app: int, reference: int) -> str:
    token = KEYS.sign(Token(Purpose.REPLY, app, reference))
    return f"{local_part(Purpose.REPLY, token)}@reply.test"


def _people(session: Session, now: Moment) -> list[str]:
    """Set up Ann and Bo in fifty conversations, and return the addresses at which Bo answers."""
    app = App(app_id="bench", number=0, name="Bench", created_at=now)
    found_app.found_app(session, app, now)
    for name in ("ann", "bo"):
        email = [f"{name}@example.net"]
        session.add(User(app_id="bench", id=name, name=name, email=email, created_at=now))
    session.flush()
    addresses = []
    for n in range(50):
        converse.put(session, "bench", f"c{n}", {}, now)
        may = (Access.READ_WRITE, Notify.ALL, now)
        whom = [("bench", f"c{n}", name) for name in ("ann", "bo")]
        _, bo = [converse.join(session, one, *may) for one in whom]
        addresses.append(_reply_address(app.number, bo.reference))
    return addresses


async def main() -> int:
    """Set up fifty conversations, listen, and print the port and the addresses."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    given = [one for one in sys.argv[1:] if one != "--strangers"]
    url = given[0] if given else f"sqlite:///{tempfile.mkdtemp()}/bench.db"
    joins = given[1:] == ["join"]
    place = Listening(trusted=()) if "--strangers" in sys.argv else Listening()
    database = open_database(url)
    if not joins:
        await database.migrate()
    clock = SystemClock()

    secrets: list[str] = []

    def people(session: Session) -> list[str]:
        addresses = _people(session, clock.now())
        secrets.extend(key.secret for key in apps.keys(session, "bench"))
        return addresses

    addresses = [] if joins else await database.write(people)
    at = Context(
        database, clock, KEYS, "http://localhost", "reply.test",
        files=open_files(Path(tempfile.mkdtemp()).as_uri()),
        day_limits=DAY_LIMITS if "--strangers" in sys.argv else DayLimits(*[PLENTY] * 4),
    )  # fmt: skip
    async with AsyncExitStack() as stack:
        place = replace(place, memory=at.memory)
        listener = await stack.enter_async_context(listening(place, MailHandler(at)))
        said = [str(listener.port)]
        if "--strangers" in sys.argv:
            settings = HttpSettings(port=0, trusted_networks=())
            http = await open_public(stack, settings, build(at), Share(memory=at.memory))
            said += [http.rpartition(":")[2], *secrets]
        freeze_heap()
        print(*said, *addresses, flush=True)
        await database.exchange()  # as every process of ``serve`` does, for ever
    return 0


run(main())
