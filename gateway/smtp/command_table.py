"""The commands of a session by name, looked up when they come.

aiosmtpd builds this table anew for each session by introspection, which costs more than the
session's whole dialogue.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol

Command = Callable[[str | None], Awaitable[None]]

_IDLE = frozenset({"NOOP", "RSET", "VRFY", "EXPN", "HELP", "HELO", "EHLO", "LHLO"})
_WEB = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "PATCH", "TRACE"})
# Not ``smtp_``, which is aiosmtpd's: a command that its next release knows is none of ours.
_PREFIX = "do_"


class Commanded(Protocol):
    """A session: it has a method ``do_noop`` for NOOP, and so on."""

    async def web(self, _arg: str | None, /) -> None:
        """Answer a browser."""

    async def unknown(self, _arg: str | None, /) -> None:
        """Answer what is no command."""

    def counted(self, command: Command) -> Command:
        """Return the command, or what says that there were too many like it."""


class CommandTable:
    """The commands of a session by name, looked up when they come."""

    __slots__ = ("_session",)

    def __init__(self, session: Commanded) -> None:
        """Look commands up on a session."""
        self._session = session

    def get(self, name: str) -> Command:
        """Return the method of a command; one that is none is answered, and counted, too."""
        # A name with anything but letters could reach attributes that are no commands.
        known = name.isascii() and name.isalpha()
        method: Command | None = None
        if known:
            method = getattr(self._session, _PREFIX + name.lower(), None)
        if method is None:
            return self._session.web if name in _WEB else self._session.unknown
        return self._session.counted(method) if name in _IDLE else method
