"""The commands of a session by name, looked up when they come.

aiosmtpd builds this table anew for each session by introspection, which costs more than the
session's whole dialogue.
"""

from typing import Any

_IDLE = frozenset({"NOOP", "RSET", "VRFY", "EXPN", "HELP", "HELO", "EHLO", "LHLO"})
_WEB = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "PATCH", "TRACE"})


class Commands:
    """The commands of a session by name, looked up when they come."""

    __slots__ = ("_session",)

    def __init__(self, session: Any) -> None:
        """Look commands up on a session."""
        self._session = session

    def get(self, name: str) -> Any:
        """Return the method of a command; one that is none is answered, and counted, too."""
        known = name.isascii() and name.isalpha()
        method = getattr(self._session, "smtp_" + name, None) if known else None
        if method is None:
            return self._session.web if name in _WEB else self._session.unknown
        return self._session.counted(method) if name in _IDLE else method
