"""What do all HTTP connections of a process share? Their count, their limits, and who is let in.

When every place is taken, whoever has nothing under way makes room, the longest silent first; so
silent connections push each other out and not those that ask. Where all are at work, a few more
are let in for the health routes alone: whoever supervises the process must not take it for dead
because it is busy. All others hear 503 there, once their request is read.
"""

import asyncio
import json
import sys
from typing import Protocol

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.config.ways_in import HttpSettings
from core.observe import Event
from core.told_once import ToldOnce
from gateway.capacity.connection_limits import (
    ConnectionBounds,
    ConnectionLimits,
    Evictable,
    NoPlace,
)
from gateway.capacity.share import Share
from gateway.http.problems import details, problem
from gateway.http.request_timeouts import Awaited, RequestLimits

HEALTH = frozenset({"/healthz", "/readyz"})
_EXTRA = 8
_LOOK_SECONDS = 0.1
_BUSY = "Too many connections at once. Please try again."
_SLOW = "This took too long to come."


class Watched(Evictable, Protocol):
    """A connection that is looked at."""

    def look(self) -> None:
        """Hang up if the client's time is up."""


class HttpState:
    """The connections of all listeners, and what is said to those that are not let in."""

    def __init__(
        self,
        bounds: ConnectionBounds | None = None,
        trusted: tuple[str, ...] = (),
        limits: RequestLimits | None = None,
        ceiling: int = sys.maxsize,
    ) -> None:
        """Begin with no connection. ``ceiling``: the descriptor at which nobody is let in."""
        self.limits = limits or RequestLimits()
        self.connection_limits = ConnectionLimits(bounds or ConnectionBounds(), trusted)
        self._ceiling = ceiling
        self._extra: dict[Evictable, None] = {}
        self.watched: dict[Watched, None] = {}
        self._looks = False
        self._full = ToldOnce(Event.CONNECTIONS_FULL)
        self._cut = ToldOnce(Event.CONNECTION_CUT)
        self._few = ToldOnce(Event.FEW_DESCRIPTORS)
        self.busy = raw_answer(503, "BUSY", _BUSY)
        self.too_slow = raw_answer(408, "TOO_SLOW", _SLOW)

    def enter(self, peer: str, number: int, connection: Evictable) -> bytes | None:
        """Let a client in, whose descriptor has this number; or return what to tell it instead."""
        was_full = self.connection_limits.is_full
        refusal = self._refusal(peer, number, connection)
        if was_full or refusal is not None:
            self._full.met(peer=ConnectionLimits.network_of(peer), reason=refusal)
        if refusal is None:
            return None
        if refusal is NoPlace.TOO_MANY and self._has_extra_place():
            self._extra[connection] = None
            return None
        return self.busy

    def turned_away(self, peer: str) -> bytes | None:
        """Return what to tell a client whose network has its share, before anything is made of it.

        It closes what nobody reads: an answer that is lost then was to one of a crowd.
        """
        if self.connection_limits.has_place_for_network_of(peer):
            return None
        self._full.met(peer=ConnectionLimits.network_of(peer), reason=NoPlace.TOO_MANY_FROM_NETWORK)
        return self.busy

    def has_descriptors(self, number: int) -> bool:
        """Whether a descriptor of this number is one of HTTP's share."""
        return number < self._ceiling

    def out_of_descriptors(self, error: OSError) -> None:
        """Tell that a client could not be let in."""
        self._few.met(way_in="http", reason=str(error))

    def watch(self, connection: Watched) -> None:
        """Look at a connection's time until it is taken out of ``watched``.

        One timer for all, and none where nobody is connected.
        """
        self.watched[connection] = None
        if not self._looks:
            self._looks = True
            asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._look)

    def _look(self) -> None:
        for connection in list(self.watched):
            connection.look()
        self._looks = bool(self.watched)
        if self._looks:
            asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._look)

    def leave(self, peer: str, connection: Evictable) -> None:
        """Let a client that had entered go; again if need be."""
        if connection in self._extra:
            del self._extra[connection]
        else:
            self.connection_limits.leave(peer, connection)

    def application(self, connection: Evictable, app: ASGIApp) -> ASGIApp:
        """Return what a connection may ask: all, or the health routes alone."""
        return only_health(app) if connection in self._extra else app

    def cut(self, peer: str, awaited: Awaited) -> None:
        """Tell of a client whose time was up."""
        self._cut.met(peer=ConnectionLimits.network_of(peer), waited_for=awaited)

    def _refusal(self, peer: str, number: int, connection: Evictable) -> NoPlace | None:
        if not self.has_descriptors(number):
            self._few.met(way_in="http", in_use=number)
            # One that leaves frees a number below the ceiling: there are no more in use than were.
            if not self.connection_limits.make_room_for(peer):
                return NoPlace.TOO_MANY
        return self.connection_limits.enter(peer, connection)

    def _has_extra_place(self) -> bool:
        if len(self._extra) < _EXTRA:
            return True
        silent = max(self._extra, key=lambda one: one.silence())
        if not silent.silence():
            return False
        silent.make_room()
        return True


def http_state(settings: HttpSettings, share: Share) -> HttpState:
    """Return the state that the settings ask for, within what is HTTP's share."""
    bounds = ConnectionBounds(
        min(settings.max_connections, share.connections), settings.max_connections_per_network
    )
    limits = RequestLimits(settings.header_seconds, settings.min_bytes_per_second)
    trusted = tuple(str(network) for network in settings.trusted_networks)
    return HttpState(bounds, trusted, limits, share.ceiling)


def only_health(app: ASGIApp) -> ASGIApp:
    """Return an application that answers for health alone, 503 for all else, and hangs up."""

    async def narrowed(scope: Scope, receive: Receive, send: Send) -> None:
        async def closing(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        asked = app if scope["path"] in HEALTH else problem(503, "BUSY", [_BUSY])
        await asked(scope, receive, closing)

    return narrowed


def raw_answer(status: int, code: str, reason: str) -> bytes:
    """Return a whole response that needs no request, after which the line is closed."""
    body = json.dumps(details(status, code, [reason])).encode()
    phrase = code.replace("_", " ").capitalize()
    head = (
        f"HTTP/1.1 {status} {phrase}\r\nContent-Type: application/problem+json\r\n"
        f"Content-Length: {len(body)}\r\nRetry-After: 5\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
