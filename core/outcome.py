"""What became of a mail we offered to the next hop: accepted, deferred, failed or uncertain.

*Accepted* means by the next hop, not seen by a person. *Uncertain* means the last octet may
have been taken before the line broke (RFC 1047): it is sent once more with the same bytes.
"""

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """Which kind of trouble a refusal tells of (stable names, stored on attempts)."""

    INVALID_RECIPIENT = "invalid_recipient"
    INACTIVE = "inactive"
    QUOTA = "quota"
    GREYLISTED = "greylisted"
    BUSY = "busy"
    ROUTING = "routing"
    CONNECTION = "connection"
    TLS = "tls"
    AUTHENTICATION = "authentication"
    SENDER_REPUTATION = "sender_reputation"
    SENDER_QUOTA = "sender_quota"  # so much may be sent in an hour, in a day, and we have
    SENDER_RATE = "sender_rate"  # so much may be sent at a time
    CONTENT = "content"
    EXPIRED = "expired"
    FORWARDED = "forwarded"  # of an address that ours was passed on to
    RELAY_REFUSES = "relay_refuses"
    NOT_WRITTEN = "not_written"  # by us: nothing was offered to anybody
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PeerReply:
    """What the peer said: its code, its enhanced code if it gave one, its words (cut at 500).

    Code 0 when the peer said nothing: then the words are ours, as "connection refused".
    """

    code: int
    enhanced: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The next hop took responsibility (RFC 5321, 4.2.5)."""

    reply: PeerReply


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not now. ``whole_lane``: the relay itself is in trouble, so nobody behind it need try."""

    cause: Cause
    reply: PeerReply | None
    whole_lane: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """Never, for this mail."""

    cause: Cause
    reply: PeerReply | None


@dataclass(frozen=True, slots=True)
class Uncertain:
    """The content was sent and no final reply came back."""

    detail: str


Outcome = Accepted | Deferred | Failed | Uncertain
