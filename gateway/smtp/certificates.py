"""Which certificate do we show? The files' newest, looked at once a minute at most.

A new certificate is loaded into a context of its own before it takes the old one's place: a file
that is half written, or a key that does not fit, changes nothing but the log, and is looked at
again when it changes again. Connections that are open keep what they began with.
"""

import ssl
from collections.abc import Callable
from pathlib import Path

from core.observe import Event, logger

_LOOK_EVERY = 60.0


class Certificates:
    """A certificate chain and its key, as files that a program beside us renews."""

    def __init__(self, chain: Path, key: Path | None, time: Callable[[], float]) -> None:
        """Load the files; raise OSError (ssl.SSLError is one) if they cannot be used."""
        self._files = (chain, key)
        self._time = time
        self._seen = self._stamp()
        self._looked_at = time()
        self._context = self._load()

    def context(self) -> ssl.SSLContext:
        """Return the context for a new connection."""
        if self._time() - self._looked_at >= _LOOK_EVERY:
            self.look()
        return self._context

    def look(self) -> None:
        """Load the files if they have changed."""
        self._looked_at = self._time()
        try:
            stamp = self._stamp()
            if stamp == self._seen:
                return
            self._seen = stamp
            self._context = self._load()
        except OSError as error:
            logger().error(Event.CERTIFICATE_KEPT, file=str(self._files[0]), reason=str(error))
        else:
            logger().info(Event.CERTIFICATE_RENEWED, file=str(self._files[0]))

    def _load(self) -> ssl.SSLContext:
        """Return the context of the files as they are (RFC 8996: TLS 1.2 or newer)."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        chain, key = self._files
        context.load_cert_chain(chain, key, password="")  # a locked key is an error
        return context

    def _stamp(self) -> tuple[tuple[int, int, int], ...]:
        """Return what changes when a file is written or another takes its place."""
        stats = [file.stat() for file in self._files if file is not None]
        return tuple((one.st_mtime_ns, one.st_size, one.st_ino) for one in stats)
