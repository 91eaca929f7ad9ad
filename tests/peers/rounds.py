"""What a round is: one mail server, one way, and what is found true of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Found:
    """What a round has found so far; ``folder`` is its own, the ``larder`` common to all."""

    folder: Path
    larder: Path
    results: list[tuple[str, str]] = field(default_factory=list)

    def holds(self, what: str, true: object, instead: object = "") -> None:
        """Write down whether something holds, and what was there instead."""
        self.results.append((what, "" if true else f"no: {instead}"))

    def failed(self, error: BaseException) -> None:
        """Write down what ended the round."""
        self.results.append(("the round comes to its end", f"{type(error).__name__}: {error}"))


@dataclass(frozen=True, slots=True)
class Round:
    """A round to be played."""

    peer: str
    way: str
    play: Callable[[Found], None]

    @property
    def name(self) -> str:
        """The server and the way."""
        return f"{self.peer}, {self.way}"
