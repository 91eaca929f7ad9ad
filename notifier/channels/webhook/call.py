"""Webhooks: an event told to an app's endpoint, once.

    2xx ► delivered    410 ► gone    anything else, or nothing ► tried again by the caller

Redirects are not followed: the URL was checked, where it points to was not. Of the answer's body
no more than an excerpt is read, and the whole call ends when its time is over, however slowly
the endpoint speaks.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TYPE_CHECKING

from core import __version__
from core.config.ways_out import WebhookSettings
from core.lazy_import import lazy_import
from core.moment import SECOND, Millis, Moment
from notifier.channels.webhook.signing import standard_headers, talkjs_headers

if TYPE_CHECKING:
    import httpx

    from notifier.channels.webhook import egress, network
else:
    httpx = lazy_import("httpx")
    network = lazy_import("notifier.channels.webhook.network")
    egress = lazy_import("notifier.channels.webhook.egress")

_EXCERPT = 1024
_GONE = 410
_CONNECTIONS = 50


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """One event for one endpoint: its exact octets and what signs them."""

    url: str
    body: bytes
    secret: str
    event_id: str
    timestamp: Moment


@dataclass(frozen=True, slots=True)
class Delivered:
    """The endpoint took it."""

    status: int
    excerpt: str


@dataclass(frozen=True, slots=True)
class Retry:
    """Not now. ``after``: how long it asked to be left alone; ``status`` None: no answer."""

    after: Millis | None
    status: int | None
    excerpt: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The endpoint wants no more calls at all (RFC 9110, 15.5.11)."""

    status: int
    excerpt: str


WebhookAnswer = Delivered | Retry | Gone


class WebhookClient:
    """Calls endpoints, over connections that are kept."""

    def __init__(self, settings: WebhookSettings) -> None:
        """Reach as far as the settings allow."""
        self._settings = settings
        self._seconds = settings.timeout_seconds

    async def send(self, call: WebhookCall) -> WebhookAnswer:
        """Make a call once and say what came of it; an endpoint's fault is never raised."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._call(call)
        except TimeoutError:
            return Retry(None, None, f"no answer within {self._seconds:g} s")
        # A name that cannot be encoded (RFC 5890) is the endpoint's fault as well: a UnicodeError.
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as trouble:
            return Retry(None, None, (str(trouble) or type(trouble).__name__)[:_EXCERPT])

    async def close(self) -> None:
        """Let go of all connections."""
        if "_client" in vars(self):
            await self._client.aclose()

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        """The client, made for the first call."""
        backend = None if self._settings.allow_private else egress.PublicOnly()
        return httpx.AsyncClient(
            transport=network.Network(backend, _CONNECTIONS),
            timeout=self._seconds,
            follow_redirects=False,
            trust_env=False,  # a proxy from the environment would reach where we may not
        )

    async def _call(self, call: WebhookCall) -> WebhookAnswer:
        headers = _headers(call)
        async with self._client.stream(
            "POST", call.url, content=call.body, headers=headers
        ) as response:
            excerpt = await _excerpt(response)
        if response.is_success:
            return Delivered(response.status_code, excerpt)
        if response.status_code == _GONE:
            return Gone(response.status_code, excerpt)
        return Retry(_wish(response), response.status_code, excerpt)


def _headers(call: WebhookCall) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "User-Agent": f"Rejoinder/{__version__}",
        "Accept-Encoding": "identity",  # so that an excerpt costs what it measures
        **talkjs_headers(call.secret, call.timestamp, call.body),
        **standard_headers(call.secret, call.event_id, call.timestamp, call.body),
    }


async def _excerpt(response: httpx.Response) -> str:
    """Return the beginning of a body, readable; what follows stays on the line."""
    octets = b""
    async for some in response.aiter_raw():
        octets += some
        if len(octets) >= _EXCERPT:
            break
    return octets[:_EXCERPT].decode("utf-8", "replace").replace("\0", "\ufffd")


def _wish(response: httpx.Response) -> Millis | None:
    """Return how long the endpoint asks us to wait (RFC 9110, 10.2.3), if it says so sensibly.

    A date is counted from the endpoint's own, so that clocks need not agree.
    """
    wish = response.headers.get("Retry-After", "").strip()
    if wish.isdecimal() and len(wish) < 9:
        return int(wish) * SECOND
    try:
        until = parsedate_to_datetime(wish)
        seconds = (until - parsedate_to_datetime(response.headers.get("Date", ""))).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return None
    return max(0, round(seconds)) * SECOND
