"""A mail, ready for the wire: its envelope (RFC 5321) and its octets.

What is kept is the reverse-path on a line of its own, then the octets: a reverse-path holds no
line end, or it would not be said on the wire either.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MailParcel:
    """One mail. ``raw``: CRLF lines; ``trace``: what it said, None if that is not known."""

    delivery_id: str
    reverse_path: str
    recipient: str
    raw: bytes
    trace: dict[str, str] | None = None

    @property
    def kept(self) -> bytes:
        """The reverse-path and the octets, in one."""
        return self.reverse_path.encode() + b"\n" + self.raw
