"""A next hop that is no further than this process. Today only tests send by it.

It stands beside the relay because the contract of transports holds both. It keeps what it is given.
Told what to answer next, it answers that, and judges a reply by the same rule as the relay does.
"""

from collections import deque

from core.outcome import Accepted, Outcome, PeerReply, Uncertain
from notifier.channels.email.judgement import judge
from notifier.channels.email.parcel import MailParcel

_KEPT = Accepted(PeerReply(250, "2.0.0", "Kept in memory"))


class Memory:
    """Keeps the last parcels it accepted, up to ``most`` of them."""

    def __init__(self, most: int = 10_000) -> None:
        """Begin with nothing."""
        self.parcels: deque[MailParcel] = deque(maxlen=most)
        self._answers: deque[Outcome] = deque()

    def answer_next(self, *answers: PeerReply | Outcome) -> None:
        """Give these answers to the next parcels, in turn; then accept again."""
        self._answers.extend(
            judge(answer) if isinstance(answer, PeerReply) else answer for answer in answers
        )

    @property
    def at_once(self) -> int:
        """As many as it keeps."""
        return self.parcels.maxlen or 1

    async def send(self, parcel: MailParcel) -> Outcome:
        """Take the parcel, unless told otherwise; an uncertain one was taken too."""
        outcome = self._answers.popleft() if self._answers else _KEPT
        if isinstance(outcome, Accepted | Uncertain):
            self.parcels.append(parcel)
        return outcome

    async def close(self) -> None:
        """Keep everything: there is nothing to let go of."""
