"""Where do we listen for mail? The settings' places, opened one after another."""

import os
import ssl
from contextlib import AsyncExitStack

from core.config.ways_in import Smtp
from core.errors import SettingsError
from gateway.smtp.limits import Limits
from gateway.smtp.listener import Listening, listening
from gateway.smtp.session import Handler


async def open_all(stack: AsyncExitStack, settings: Smtp, handler: Handler) -> list[str]:
    """Listen wherever the settings say until the stack is left; return a line for each place.

    Raise SettingsError for a place that is taken, and for a way of listening there is not.
    """
    _refuse(settings)
    said = []
    places = [("smtp.port", settings.port, False)]
    if settings.implicit_tls_port is not None:
        places.append(("smtp.implicit_tls_port", settings.implicit_tls_port, True))
    for name, port, implicit in places:
        try:
            place = _place(settings, port, implicit_tls=implicit)
            listener = await stack.enter_async_context(listening(place, handler))
        except ssl.SSLError as error:
            raise SettingsError(f"smtp.tls_certificate: cannot be used: {error}") from None
        except OSError as error:
            why = os.strerror(error.errno) if error.errno else str(error)
            raise SettingsError(f"{name}: cannot listen on {settings.host}:{port}: {why}") from None
        tls = " with TLS" if implicit else ""
        said.append(f"smtp listening on {settings.host}:{listener.port}{tls}")
    return said


def _refuse(settings: Smtp) -> None:
    """Raise SettingsError for a way of listening there is not, or a file there is not."""
    for name, asked in (("lmtp", settings.lmtp), ("proxy_protocol", settings.proxy_protocol)):
        if asked:
            raise SettingsError(f"smtp.{name}: this version does not speak it")
    for name, file in (("certificate", settings.tls_certificate), ("key", settings.tls_key)):
        if file is not None and not file.is_file():
            raise SettingsError(f"smtp.tls_{name}: {file}: there is no such file")


def _place(settings: Smtp, port: int, *, implicit_tls: bool) -> Listening:
    return Listening(
        host=settings.host,
        port=port,
        hostname=settings.hostname,
        tls_certificate=settings.tls_certificate,
        tls_key=settings.tls_key,
        implicit_tls=implicit_tls,
        reuse_port=settings.reuse_port,
        trusted=tuple(str(network) for network in settings.trusted_networks),
        limits=Limits(
            message_octets=settings.max_message_bytes,
            idle_seconds=settings.idle_seconds,
            sessions=settings.max_connections,
            sessions_a_network=settings.max_connections_per_network,
        ),
    )
