"""What a transaction touched, and who in this process is told of it once it is committed.

A verb notes on its session what it changed; whoever runs the transaction takes the notes off and
passes them on after the commit, or drops them with the transaction. What is passed on is a hint
and carries no content: it says where to look. Losing one costs a delay, for whoever watches also
looks by itself.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlmodel import Session

_NOTES = "touched"


@dataclass(frozen=True, slots=True)
class Touched:
    """A conversation of which something is new: a change up to this number, or who types (0)."""

    app_id: str
    conversation_id: str
    number: int = 0
    typing: bool = False


class Foreign(Touched):
    """The same, committed by another process."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Anything:
    """Hints may have been lost: look everywhere."""


Hint = Touched | Anything
Hear = Callable[[list[Hint]], None]


class Subscribers:
    """Whoever wants to hear of commits. They are called in the event loop and must not raise."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._hear: list[Hear] = []

    @contextmanager
    def hearing(self, hear: Hear) -> Iterator[None]:
        """Tell somebody until left."""
        self._hear.append(hear)
        try:
            yield
        finally:
            self._hear.remove(hear)

    def tell(self, hints: Iterable[Hint]) -> None:
        """Tell everybody, if there is something to tell."""
        told = list(hints)
        if told:
            for hear in tuple(self._hear):
                hear(told)


def note(session: Session, touched: Touched) -> None:
    """Note what the session's transaction touches."""
    session.info.setdefault(_NOTES, []).append(touched)


def take(session: Session) -> list[Touched]:
    """Take the notes off a session. One that is lent again must not tell what it told before."""
    notes: list[Touched] = session.info.pop(_NOTES, [])
    return notes
