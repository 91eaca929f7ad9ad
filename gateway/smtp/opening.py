"""Where do we listen for mail? The settings' places, opened one after another.

They share one ``ConnectionLimits``, so that the count of all sessions is one, and one certificate,
which is looked at again on SIGHUP; without one SIGHUP changes nothing.
"""

import asyncio
import os
import ssl
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from core.config.ways_in import SmtpSettings
from core.errors import SettingsError
from core.observe import Event, logger
from core.process import hearing_hangups
from gateway.capacity.connection_limits import ConnectionLimits
from gateway.capacity.share import Share
from gateway.smtp.certificates import Certificates
from gateway.smtp.limits import SmtpLimits
from gateway.smtp.listener import Listening, listening
from gateway.smtp.server_state import Handler


async def open_all(
    stack: AsyncExitStack, settings: SmtpSettings, handler: Handler, share: Share | None = None
) -> list[str]:
    """Listen wherever the settings say until the stack is left; return a line for each place.

    ``share``: what of the process's memory and descriptors is SMTP's, None for all. Raise
    SettingsError for a place that is taken, and for a certificate that is no good.
    """
    certificates = _certificates(settings)
    heard = certificates.look if certificates else _nothing_to_see
    stack.enter_context(hearing_hangups(heard))
    said = []
    for name, place in _places(settings, certificates, share or Share()).items():
        try:
            listener = await stack.enter_async_context(listening(place, handler))
        except OSError as error:
            why = os.strerror(error.errno) if error.errno else str(error)
            where = _told(place, place.port)
            raise SettingsError(f"{name}: cannot listen on {where}: {why}") from None
        kind = "lmtp" if place.lmtp else "smtp"
        tls = " with TLS" if place.implicit_tls else ""
        said.append(f"{kind} listening on {_told(place, listener.port)}{tls}")
    return said


def _told(place: Listening, port: int) -> str:
    return f"unix:{place.path}" if place.path is not None else f"{place.host}:{port}"


def _certificates(settings: SmtpSettings) -> Certificates | None:
    """Return the certificate the settings name, or raise SettingsError."""
    for name, file in (("certificate", settings.tls_certificate), ("key", settings.tls_key)):
        if file is not None and not file.is_file():
            raise SettingsError(f"smtp.tls_{name}: {file}: there is no such file")
    if settings.tls_certificate is None:
        return None
    time = asyncio.get_running_loop().time
    try:
        return Certificates(settings.tls_certificate, settings.tls_key, time)
    except ssl.SSLError as error:
        raise SettingsError(f"smtp.tls_certificate: cannot be used: {error}") from None
    except OSError as error:
        raise SettingsError(f"smtp.tls_certificate: cannot be read: {error.strerror}") from None


def _nothing_to_see() -> None:
    logger().warning(Event.HANGUP_IGNORED, reason="no certificate is configured")


def _places(
    settings: SmtpSettings, certificates: Certificates | None, share: Share
) -> dict[str, Listening]:
    """Return the places by the setting that asks for each."""
    limits = SmtpLimits(
        message_octets=settings.max_message_bytes,
        idle_seconds=settings.idle_seconds,
        session_seconds=settings.session_seconds,
        data_octets_a_second=settings.min_bytes_per_second,
        greeting_seconds=settings.greeting_seconds,
        tarpit_seconds=settings.tarpit_seconds,
        sessions=min(settings.max_connections, share.connections),
        sessions_a_network=settings.max_connections_per_network,
    )
    trusted = tuple(str(network) for network in settings.trusted_networks)
    common = Listening(
        host=settings.host,
        hostname=settings.hostname,
        reuse_port=settings.reuse_port,
        limits=limits,
        connection_limits=ConnectionLimits(limits.bounds, trusted),
        memory=share.memory,
        ceiling=share.ceiling,
        certificates=certificates,
    )
    proxied = replace(common, proxied=settings.proxy_protocol)
    places = {"smtp.port": replace(proxied, port=settings.port)}
    if settings.implicit_tls_port is not None:
        implicit = replace(proxied, port=settings.implicit_tls_port, implicit_tls=True)
        places["smtp.implicit_tls_port"] = implicit
    if settings.lmtp is not None:
        places["smtp.lmtp"] = _at(replace(common, lmtp=True), settings.lmtp)
    return places


def _at(place: Listening, where: str) -> Listening:
    """Return the place with ``unix:/path`` or ``host:port`` filled in."""
    if where.startswith("unix:"):
        return replace(place, path=Path(where.removeprefix("unix:")))
    host, _, port = where.rpartition(":")
    return replace(place, host=host.strip("[]"), port=int(port))
