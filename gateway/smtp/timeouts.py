"""How long do we bear with a peer? Silence, slowness and age, judged from times passed in.

The peer's time runs only while the peer is waited for: what we take to answer is never held
against it. A mail under way may take as long as it keeps to the least rate, so that a slow but
honest upload arrives however long the session has lasted; one that trickles ends after the grace.
"""

from dataclasses import dataclass

from gateway.answers.occasions import Occasion
from gateway.smtp.limits import SmtpLimits


@dataclass(slots=True)
class Timeouts:
    """What is known of a session's use of time; moments are seconds of a steady clock."""

    limits: SmtpLimits
    began: float
    heard: float
    waiting: bool = True
    content_began: float | None = None
    octets: int = 0

    def wait(self, now: float) -> None:
        """Wait for the peer from now on."""
        self.waiting, self.heard = True, now

    def expect_content(self, now: float) -> None:
        """Begin a content."""
        self.waiting, self.heard = True, now
        self.content_began, self.octets = now, 0

    def progress(self, now: float, octets: int) -> None:
        """Count some of the content."""
        self.heard = now
        self.octets += octets

    def content_ended(self) -> None:
        """End the content: the peer waits for us."""
        self.waiting, self.content_began = False, None

    def ends(self, now: float) -> Occasion | None:
        """Return why the session is over, or None while it is not."""
        if not self.waiting:
            return None
        if self.content_began is not None:
            # Neither silence nor age ends a content: only the rate does.
            earned = now - self.content_began - self.limits.data_grace_seconds
            slow = self.octets < earned * self.limits.data_octets_a_second
            return Occasion.TOO_SLOW if slow else None
        if now - self.heard >= self.limits.idle_seconds:
            return Occasion.IDLE
        return Occasion.LIFETIME_OVER if now - self.began >= self.limits.session_seconds else None

    def next_look(self) -> float:
        """Return in how many seconds to ask ``ends`` again: it may be late by as much."""
        limits = self.limits
        return min(limits.idle_seconds, limits.data_grace_seconds, limits.session_seconds)


def tarpit(bad_recipients: int, seconds: float) -> float:
    """Return how long the answer to a wrong recipient waits: not at all first, then doubling."""
    if bad_recipients <= 1:
        return 0.0
    return float(seconds * 2 ** min(bad_recipients - 2, 10))
