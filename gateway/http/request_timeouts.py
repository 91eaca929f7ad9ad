"""How long do we bear with an HTTP client? Judged from times passed in, as for SMTP.

A client's time runs only while it is the client that is waited for: to send a request's head, to
send its body, to take the answer. A head has a time in all, however often an octet of it comes
(slow loris); a body and an answer may take as long as they keep to the least rate. What we take to
answer is never held against anybody.
"""

from dataclasses import dataclass
from enum import StrEnum

from gateway.capacity.connection_limits import NOTHING_UNDER_WAY

_DECENT_RATE = 10_000  # octets a second: who sends so fast is not the one to make room for others


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """What a client may ask of us before we hang up; seconds, octets, counts.

    ``chunks``: of one body (RFC 9112, 7.1), since each is work however small it is, and one
    more for each kilobyte.
    ``wasted_octets``: of a body that was answered before its end and is read on, so that its
    sender hears the answer. ``closing_seconds``: to take the last of what was said.
    """

    head_seconds: float = 10.0
    octets_a_second: int = 200
    grace_seconds: float = 10.0
    closing_seconds: float = 5.0
    wasted_octets: int = 32 * 1024 * 1024
    chunks: int = 200


class Awaited(StrEnum):
    """Whom a connection waits for, and for what."""

    HEAD = "head"
    BODY = "body"
    TAKING = "answer"
    CLOSING = "closing"
    OURS = "ours"


@dataclass(slots=True)
class RequestTimeouts:
    """What is known of a client's use of time; moments are seconds of a steady clock."""

    limits: RequestLimits
    began: float
    awaited: Awaited = Awaited.HEAD
    heard: float = 0.0
    octets: int = 0

    def __post_init__(self) -> None:
        """Begin by waiting for a head."""
        self.heard = self.began

    def wait_for(self, awaited: Awaited, now: float) -> None:
        """Wait for another, or for something else of the same one."""
        if awaited is not self.awaited:
            self.awaited, self.began, self.heard, self.octets = awaited, now, now, 0

    def progress(self, octets: int, now: float) -> None:
        """Count octets that came, or were taken."""
        self.heard = now
        self.octets += octets

    def is_over(self, now: float) -> bool:
        """Tell whether the client's time is up."""
        elapsed = now - self.began
        match self.awaited:
            case Awaited.OURS:
                return False
            case Awaited.HEAD:
                return elapsed >= self.limits.head_seconds
            case Awaited.CLOSING:
                return elapsed >= self.limits.closing_seconds
            case Awaited.BODY | Awaited.TAKING:
                earned = elapsed - self.limits.grace_seconds
                return self.octets < earned * self.limits.octets_a_second

    def silence(self, now: float) -> float:
        """Return for how many seconds the client has kept us waiting; 0 while it waits for us.

        Who sends a body in drops, or takes an answer so, is behind by what a decent client would
        have needed less: a few octets now and then are no way to keep a place.
        """
        match self.awaited:
            case Awaited.OURS:
                return 0.0
            case Awaited.HEAD | Awaited.CLOSING:
                return NOTHING_UNDER_WAY + now - self.began
            case Awaited.BODY | Awaited.TAKING:
                return max(0.0, now - self.began - self.octets / _DECENT_RATE)
