"""A connection that is in nobody's hands: silent for so long, it notes what it was asked."""


class FakeConnection:
    """A connection that has been silent for some time."""

    def __init__(self, silence: float = 0.0) -> None:
        """Begin."""
        self.silent, self.asked = silence, ""

    def hurry(self) -> None:
        """Remember it."""
        self.asked = "hurry"

    def make_room(self) -> None:
        """Remember it."""
        self.asked = "room"

    def silence(self) -> float:
        """Return what was said."""
        return self.silent
