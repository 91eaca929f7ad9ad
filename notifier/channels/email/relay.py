"""The relay: the next hop by SMTP (RFC 5321), over a few connections that are kept open.

    a line ── idle and open? take it : open one ── offer the parcel ── good? keep it : cut it

A kept line may have died without our knowing. If it turns out dead at MAIL, before a single octet
of content, a new one is opened and the parcel offered on that: one offer, as far as the caller
can tell. Nothing else is ever tried twice here; when to try again is the caller's to decide.
"""

import asyncio
import ssl
from functools import cached_property

from core.config.ways_out import RelayFields
from core.outcome import Deferred, Outcome
from notifier.channels.email.parcel import MailParcel
from notifier.channels.email.smtp_client.relay_connection import (
    RelayConnection,
    open_connection,
    tls_context,
)
from notifier.channels.email.smtp_client.transaction import Ended, transact

_IDLE_SECONDS = 30.0  # shorter than any peer's own timeout (RFC 5321, 4.5.3.2.7)


class SmtpRelay:
    """The next hop, over at most ``settings.connections`` lines."""

    def __init__(self, settings: RelayFields, tls: ssl.SSLContext | None = None) -> None:
        """Know the relay; connect when the first parcel comes. ``tls``: whom to trust."""
        self._settings = settings
        self._notify = settings.notify
        self._trust = tls
        self._places = asyncio.Semaphore(settings.connections)
        self._idle: list[RelayConnection] = []
        self._leaving: set[asyncio.Task[None]] = set()

    @property
    def at_once(self) -> int:
        """One parcel a line."""
        return self._settings.connections

    async def send(self, parcel: MailParcel) -> Outcome:
        """Offer the parcel once and say what became of it.

        The caller has committed ``transmitting`` before: octets may leave at once.
        """
        async with self._places:
            kept = self._take()
            if kept is not None:
                ended = await self._offer(kept, parcel)
                if not ended.line_was_stale:
                    return ended.outcome
            fresh = await open_connection(self._settings, self._tls)
            if isinstance(fresh, Deferred):
                return fresh
            return (await self._offer(fresh, parcel)).outcome

    async def close(self) -> None:
        """Say goodbye on all idle lines."""
        idle, self._idle = self._idle, []
        for session in idle:
            self._retire(session)
        await asyncio.gather(*self._leaving)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Whom to trust; the system's roots are read when the first line is opened."""
        return self._trust or tls_context(self._settings)

    async def _offer(self, session: RelayConnection, parcel: MailParcel) -> Ended:
        """Offer a parcel on a line, and keep the line only if it is whole."""
        session.mails += 1
        try:
            extensions = session.smtp.esmtp_extensions
            ended = await transact(session.wire, parcel, extensions, self._notify)
        except BaseException:
            session.cut()
            raise
        if ended.line_is_good and session.is_open:
            self._keep(session)
        else:
            session.cut()
        return ended

    def _take(self) -> RelayConnection | None:
        """Return the line used last that is still open; it is the least likely to be stale."""
        while self._idle:
            session = self._idle.pop()
            if session.retiring is not None:
                session.retiring.cancel()
            if session.is_open:
                return session
        return None

    def _keep(self, session: RelayConnection) -> None:
        loop = asyncio.get_running_loop()
        session.retiring = loop.call_later(_IDLE_SECONDS, self._retire, session)
        self._idle.append(session)

    def _retire(self, session: RelayConnection) -> None:
        """Leave a line nobody has needed for a while."""
        if session in self._idle:
            self._idle.remove(session)
        if session.retiring is not None:
            session.retiring.cancel()
        leaving = asyncio.get_running_loop().create_task(session.leave())
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)
