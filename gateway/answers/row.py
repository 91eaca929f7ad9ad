"""What is one row of the table of answers? A status, a sentence, and when it is said."""

from dataclasses import dataclass

from core.status import Status


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer. ``bare``: said without an enhanced code (RFC 2034, 4: greeting, HELO, 354)."""

    status: Status
    sentence: str
    when: str
    bare: bool = False

    def wire(self) -> str:
        """Write it as it goes over the line, without the line's end."""
        if self.bare:
            return f"{self.status.code} {self.sentence}"
        return f"{self.status} {self.sentence}"
