"""An SMTP reply code with its enhanced status: what we answer and what we are answered.

RFC 5321, 4.2 (reply codes) and RFC 3463 (enhanced codes; the class repeats the first digit of
the reply code, so it is derived, never given twice).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Status:
    """A reply code with subject and detail of its enhanced code, as ``Status(550, 1, 1)``."""

    code: int
    subject: int
    detail: int

    @property
    def enhanced(self) -> str:
        """The enhanced status code, as ``5.1.1`` (RFC 3463, 2)."""
        return f"{self.code // 100}.{self.subject}.{self.detail}"

    @property
    def temporary(self) -> bool:
        """Whether the peer should try again (RFC 5321, 4.2.1: 4yz)."""
        return self.code // 100 == 4

    @property
    def permanent(self) -> bool:
        """Whether the peer must not try the same again (RFC 5321, 4.2.1: 5yz)."""
        return self.code // 100 == 5

    def __str__(self) -> str:
        """Write it as SMTP does: ``550 5.1.1``."""
        return f"{self.code} {self.enhanced}"
