"""A relay at whose steps the notifier is killed: it alone knows what has come over the line."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiosmtpd.smtp import Envelope

from tests.support.fake_relay import FakeRelay

_CHUNK = 512  # octets at a time of what comes after DATA
_SOME = 3  # so many chunks are some of a content and not all


@dataclass
class WatchedRelay(FakeRelay):
    """A relay that tells of each step. ``at``: is told its name, and returns at once."""

    at: Callable[[str], None] = lambda _step: None

    def take_fault(self, step: str) -> Any:
        """Tell of the step before anything is done at it."""
        if step == "DATA":
            for line in self.open_lines:
                self._watch_content(line)
        self.at(step)
        return super().take_fault(step)

    def keep(self, line: Any, envelope: Envelope) -> None:
        """Take the mail, and tell of it before the peer hears so."""
        super().keep(line, envelope)
        self.at("TAKEN")

    def _watch_content(self, line: Any) -> None:
        """Read the content in pieces, and tell when some of them have come."""
        hear, left = line.data_received, _SOME
        line.transport.max_size = _CHUNK

        def hear_some(octets: bytes) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                self.at("CONTENT")
            hear(octets)

        line.data_received = hear_some
