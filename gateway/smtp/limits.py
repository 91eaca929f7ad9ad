"""How much a peer may ask of us before we stop listening."""

from dataclasses import dataclass

from gateway.capacity.connection_limits import ConnectionBounds

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SmtpLimits:
    """The limits of SMTP sessions; octets, seconds, counts.

    RFC 5321, 4.5.3.1: a transaction has room for 100 recipients at least. A command is longer
    than its 512 octets allow where extensions lengthen it (RFC 4954 asks for most), hence 2,048.
    """

    message_octets: int = 25 * MEGABYTE
    wasted_octets: int = 100 * MEGABYTE
    line_octets: int = 64 * 1024
    command_octets: int = 2_048
    recipients: int = 100
    bad_recipients: int = 5
    bad_commands: int = 10
    idle_commands: int = 50
    idle_seconds: float = 300.0
    session_seconds: float = 3_600.0
    data_octets_a_second: int = 200
    data_grace_seconds: float = 30.0
    greeting_seconds: float = 0.0
    tarpit_seconds: float = 1.0
    sessions: int = 500
    silent_seconds: float = 10.0
    sessions_a_network: int = 50
    contents_octets: int = 32 * MEGABYTE

    @property
    def bounds(self) -> ConnectionBounds:
        """Return how many may be connected at once."""
        return ConnectionBounds(self.sessions, self.sessions_a_network, self.silent_seconds)
