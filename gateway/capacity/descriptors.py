"""Who may have how many file descriptors? Shared out once, when the process starts.

A descriptor is what every connection, file and question to a name server takes, and a process has
only so many (RLIMIT_NOFILE). What the process needs for itself is set aside first: its database,
files, the relay, name servers. Of the rest SMTP has half, or less if it is to hold less; HTTP has
what is left, and a connection of its may open a file as well.

The trap: counts of connections alone do not hold, because others open descriptors too. So there is
a second bound. The system gives the lowest number that is free (POSIX, 2.6), so a connection whose
number is at a ceiling shows that as many are in use, whoever has them. HTTP's ceiling is lower:
the numbers above it are in reserve for SMTP, and those above both for the process itself.
"""

from dataclasses import dataclass

_OWN = 64
_LEAST = 16  # connections of SMTP and of HTTP each, or there is no use in starting


class TooFewDescriptors(ValueError):  # noqa: N818  reads as a state
    """The limit of open files leaves no room for connections."""


@dataclass(frozen=True, slots=True)
class WantedConnections:
    """How many connections the settings ask for, and descriptors of the process's own.

    A room that does not run in this process wants none.
    """

    smtp: int
    http: int
    own: int = 0

    @property
    def descriptors(self) -> int:
        """Return how many descriptors all that takes."""
        return _OWN + self.own + self.smtp + 2 * self.http


@dataclass(frozen=True, slots=True)
class DescriptorShares:
    """How many connections each may have, and the number of a descriptor at which it stops."""

    smtp: int
    http: int
    smtp_ceiling: int
    http_ceiling: int


def shared_out(limit: int, wanted: WantedConnections) -> DescriptorShares:
    """Share out so many descriptors. Raise TooFewDescriptors if next to none would be left."""
    own = _OWN + wanted.own
    rest = max(0, limit - own)
    smtp = min(wanted.smtp, rest // 2 if wanted.http else rest)
    http = min(wanted.http, (rest - smtp) // 2)
    if smtp < min(_LEAST, wanted.smtp) or http < min(_LEAST, wanted.http):
        least = own + _LEAST * (1 if not wanted.http else 4 if wanted.smtp else 2)
        raise TooFewDescriptors(
            f"{limit} open files are too few: allow this process {least} at least, and "
            f"{wanted.descriptors} for all connections of the settings (ulimit -n, LimitNOFILE=)"
        )
    spare = own // 2  # the other half is taken by now: what a process opens as it starts
    return DescriptorShares(smtp, http, limit - spare, limit - spare - smtp)
