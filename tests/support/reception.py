"""A gateway with two people in one conversation, and mails to offer to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from core.address import Keyring, Purpose, Token, local_part
from core.clock import SetClock
from core.files.base import Files
from core.files.place import open_files
from core.model.attachment import Attachment
from core.rules.day_limit import DayLimit, DayLimits
from core.store import apps, messages, participants
from core.store.database import Database, Session, open_database
from core.verdict import Accept, Verdict
from gateway.context import Context
from gateway.inbound import receive
from gateway.mail.envelope import Envelope
from tests.support.people import APP, NOW, ROOM, a_conversation, says

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)
BO = (APP, ROOM, "bo")


class Gateway:
    """A gateway on a database with Ann and Bo in one conversation."""

    def __init__(self, database: Database, **more: Any) -> None:
        """Receive into this database."""
        self.database = database
        self.clock = SetClock(NOW)
        self.files: Files = open_files("memory://")
        given = {"files": self.files} | more
        self.at = Context(database, self.clock, KEYS, "http://api.test", "reply.test", **given)

    async def address(self, purpose: Purpose = Purpose.REPLY, **changed: int) -> str:
        """Return Bo's address for a purpose."""

        def work(session: Session) -> Token:
            app, bo = apps.find(session, APP), participants.find(session, *BO)
            assert app is not None
            assert bo is not None
            epoch = changed.get("epoch", bo.address_epoch)
            return Token(purpose, app.number, changed.get("reference", bo.reference), epoch)

        token = KEYS.sign(await self.database.read(work))
        return f"{local_part(purpose, token)}@reply.test"

    async def offer(self, mail: bytes, to: str | None = None, sender: str = "bo@x") -> Verdict:
        """Offer a mail, and return the verdict."""
        recipient = to or await self.address()
        envelope = Envelope(sender, (recipient,), peer="192.0.2.1")
        return await receive(envelope, recipient, mail.replace(b"\n", b"\r\n"), self.at)

    async def says(self, mail: bytes) -> str | None:
        """Offer a mail, and return what it posted, None if it posted nothing."""
        verdict = await self.offer(mail)
        if not isinstance(verdict, Accept) or verdict.message_id is None:
            return None
        posted = verdict.message_id
        message = await self.database.read(lambda s: messages.find(s, APP, posted))
        return message.text if message else None

    async def came(self) -> list[Attachment]:
        """Return the files that were posted."""
        posted = await self.database.read(lambda s: messages.page(s, APP, ROOM, 50, None))
        ids = [one.id for one in posted]
        found = await self.database.read(lambda s: messages.files(s, APP, ids))
        return [one for files in found.values() for one in files]

    async def said(self) -> list[str | None]:
        """Return what was posted by mail, oldest first."""
        found = await self.database.read(lambda s: messages.page(s, APP, ROOM, 50, None))
        return [one.text for one in reversed(found) if one.origin == "email"]


def a_mail(text: str = "Yes, it is.", **headers: str) -> bytes:
    """Return a reply of Bo's as a mail program writes it."""
    given = {"From": "Bo <bo@example.net>", "Subject": "Re: x", "Message-ID": "<1@x>"}
    merged = given | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\n" for name, value in merged.items() if value)
    return f"{head}\n{text}\n".encode()


class SharedGateway(Gateway):
    """A gateway for many mails that have nothing to do with each other, though they say the same.

    Each that is said has a Message-ID of its own: under one they would be one mail.
    """

    _mails = 0

    def __init__(self, database: Database, **more: Any) -> None:
        """Receive into this database, more in a day than anybody writes."""
        plenty = DayLimit(10**6, 10**12)
        super().__init__(database, **({"day_limits": DayLimits(plenty, plenty, plenty)} | more))

    async def says(self, mail: bytes) -> str | None:
        """Offer a mail under its own Message-ID, and return what it posted."""
        self._mails += 1
        named = f"Message-ID: <{self._mails}.".encode()
        return await super().says(mail.replace(b"Message-ID: <", named, 1))


@asynccontextmanager
async def a_shared_gateway(folder: Path) -> AsyncIterator[SharedGateway]:
    """Open one gateway for many mails, until left."""
    database = open_database(f"sqlite:///{folder}/rejoinder.db")
    await database.migrate()
    yield SharedGateway((await a_gateway(database)).database)
    await database.close()


async def a_gateway(database: Database, **more: Any) -> Gateway:
    """Open a gateway where Ann has asked Bo something."""

    def work(session: Session) -> None:
        a_conversation(session, "ann", "bo")
        says(session, "ann", "Is it there?")

    await database.write(work)
    return Gateway(database, **more)
