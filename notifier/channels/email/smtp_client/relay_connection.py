"""How is a relay reached: connected, greeted, secured, logged in?

Each step has trouble of its own, and none of it is said of any mail: whatever goes wrong here
defers the whole lane, and never fails a mail for a wrong password of ours.

TLS is *implicit* (RFC 8314, 3.3), *starttls* (no TLS, no mail), *opportunistic* (RFC 7435: if it
is offered, with any certificate, and without it rather than not at all) or *none*.
"""

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPHeloError,
    SMTPResponseException,
    SMTPServerDisconnected,
)

from core.config.ways_out import DOT_FACTOR, RelayFields
from core.outcome import Cause, Deferred, PeerReply
from notifier.channels.email.judgement import judge_before_mail
from notifier.channels.email.smtp_client.peer_reply import peer_reply
from notifier.channels.email.smtp_client.wire import Pipelined, ReplyTimeouts, Stepwise, Wire

_FAREWELL_SECONDS = 5.0
_KNOWS_NO_EHLO = frozenset({500, 501, 502, 503, 504})  # anything else is a refusal to talk


@dataclass(slots=True)
class RelayConnection:
    """A line to the relay on which mail may be handed over."""

    smtp: SMTP
    wire: Wire
    mails: int = 0
    retiring: asyncio.TimerHandle | None = field(default=None, repr=False)

    @property
    def is_open(self) -> bool:
        """Whether the peer has not hung up, as far as we have been told."""
        return self.smtp.is_connected

    async def leave(self) -> None:
        """Say QUIT (RFC 5321, 4.1.1.10), but do not wait long for the answer."""
        self.wire.hand_back()
        with suppress(SMTPException, OSError):
            await self.smtp.quit(timeout=_FAREWELL_SECONDS)
        self.smtp.close()

    def cut(self) -> None:
        """End it at once; what has not left yet shall not leave."""
        self.wire.hand_back()
        transport: Any = self.smtp.transport
        if transport is not None:
            transport.abort()
        self.smtp.close()


async def open_connection(settings: RelayFields, tls: ssl.SSLContext) -> RelayConnection | Deferred:
    """Reach the relay, or say why it cannot be reached."""
    smtp = _client(settings, tls)
    refusal = await _reach(smtp, settings)
    if _may_go_without_tls(refusal, settings):
        smtp = _client(settings, tls)
        refusal = await _reach(smtp, settings.model_copy(update={"tls": "none"}))
    if refusal is not None:
        smtp.close()
        return refusal
    timeouts = ReplyTimeouts(settings.timeout_seconds, settings.timeout_seconds * DOT_FACTOR)
    pipelined = smtp.supports_extension("pipelining")
    return RelayConnection(
        smtp, Pipelined(smtp, timeouts) if pipelined else Stepwise(smtp, timeouts)
    )


def tls_context(settings: RelayFields) -> ssl.SSLContext:
    """Return how the relay's certificate is checked: against the system's authorities, or not."""
    if settings.verify and settings.tls in {"starttls", "implicit"}:
        return ssl.create_default_context()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _client(settings: RelayFields, tls: ssl.SSLContext) -> SMTP:
    return SMTP(
        hostname=settings.host,
        port=settings.port,
        local_hostname=settings.ehlo_name,
        timeout=settings.timeout_seconds,
        use_tls=settings.tls == "implicit",
        start_tls=False,  # ours to say, so that its trouble can be told from others
        tls_context=tls,
    )


async def _reach(smtp: SMTP, settings: RelayFields) -> Deferred | None:
    """Take the steps in order; return what stopped us, if anything did."""
    try:
        await smtp.connect()
        await _greet(smtp)
        if settings.tls == "starttls" or _is_tempting(smtp, settings):
            refusal = await _secure(smtp)
            if refusal is not None:
                return refusal
            await _greet(smtp)  # RFC 3207, 4.2: what was said before counts no more
    except (SMTPException, OSError) as trouble:
        return _refusal(trouble, Cause.CONNECTION)
    return await _log_in(smtp, settings)


async def _greet(smtp: SMTP) -> None:
    """Say EHLO, or HELO to a peer that knows no better (RFC 5321, 3.2)."""
    try:
        await smtp.ehlo()
    except SMTPHeloError as refused:
        if refused.code not in _KNOWS_NO_EHLO or not smtp.is_connected:
            raise
        await smtp.helo()


def _is_tempting(smtp: SMTP, settings: RelayFields) -> bool:
    return settings.tls == "opportunistic" and smtp.supports_extension("starttls")


async def _secure(smtp: SMTP) -> Deferred | None:
    """Say STARTTLS; a relay without it is never given the mail in clear text instead."""
    if not smtp.supports_extension("starttls"):
        return _refusal(SMTPException("the relay offers no STARTTLS"), Cause.TLS)
    try:
        await smtp.starttls()
    except (SMTPException, OSError) as trouble:
        return _refusal(trouble, Cause.TLS)
    return None


async def _log_in(smtp: SMTP, settings: RelayFields) -> Deferred | None:
    """Say AUTH if we have a name to say (RFC 4954)."""
    if settings.username is None or settings.password is None:
        return None
    try:
        await smtp.login(settings.username, settings.password.get_secret_value())
    except SMTPServerDisconnected as trouble:
        return _refusal(trouble, Cause.CONNECTION)
    except (SMTPException, OSError) as trouble:
        return _refusal(trouble, Cause.AUTHENTICATION)
    return None


def _may_go_without_tls(refusal: Deferred | None, settings: RelayFields) -> bool:
    """Say whether it was only TLS that failed, and we would rather go without."""
    return refusal is not None and refusal.cause is Cause.TLS and settings.tls == "opportunistic"


def _refusal(trouble: Exception, cause: Cause) -> Deferred:
    """Return what trouble before any mail means: the peer's words if it said some, else ours."""
    if isinstance(trouble, SMTPResponseException) and trouble.code > 0:
        refused = judge_before_mail(peer_reply(trouble.code, trouble.message))
        # A login may be refused for our quota, which is another matter than a wrong password.
        told = {Cause.SENDER_QUOTA, Cause.SENDER_RATE}
        stays = cause is Cause.CONNECTION or trouble.code == 421 or refused.cause in told
        return refused if stays else Deferred(cause, refused.reply, whole_lane=True)
    origin = trouble.__cause__ if isinstance(trouble.__cause__, OSError) else trouble
    if isinstance(trouble, ssl.SSLError) or isinstance(origin, ssl.SSLError):
        cause = Cause.TLS
    return Deferred(cause, PeerReply(0, None, _words(origin)), whole_lane=True)


def _words(trouble: BaseException) -> str:
    return (str(trouble) or type(trouble).__name__)[:500]
