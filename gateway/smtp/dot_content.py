"""The content of a mail, read in bulk: where it ends, and what must not be in it.

RFC 5321, 4.1.1.4 and 4.5.2: only CR LF . CR LF ends the content, and a leading dot is doubled.
Bare CR and bare LF are refused (2.3.8): what one server takes for the end of a mail and another
for text is how mails are smuggled (CVE-2023-51764). A content beyond the limits is read on to
its end and thrown away, so that the refusal comes where the peer listens; memory stays bounded.
"""

from dataclasses import dataclass, field

from core.verdict import Reason
from gateway.mail import line_ends

END = b"\r\n.\r\n"


@dataclass(slots=True)
class Content:
    """What has come so far. ``feed`` it until it returns what stands behind the end."""

    most_octets: int
    longest_line: int
    too_big: bool = False
    # Begins with the line end of the DATA command, which is part of the end that is looked for: a
    # dot first of all ends an empty content (RFC 5321, 4.1.1.4).
    _buffer: bytearray = field(default_factory=lambda: bytearray(b"\r\n"))
    _searched: int = 0
    _written: bytes | None = None

    def feed(self, chunk: bytes) -> bytes | None:
        """Take octets; None while the end has not come, else the octets after it."""
        self._buffer += chunk
        found = self._buffer.find(END, self._searched)
        if found >= 0:
            rest = bytes(self._buffer[found + len(END) :])
            # The line end before the dot is the content's own; so ``found`` is also its length.
            del self._buffer[found + 2 :]
            self.too_big = self.too_big or found > self.most_octets
            return rest
        if self.too_big or len(self._buffer) > self.most_octets + len(END):
            self.forget()
        # The end may come in two pieces: what of it may be here already is searched again.
        self._searched = max(0, len(self._buffer) - len(END))
        return None

    def forget(self) -> None:
        """Keep no more of it than its end is found with."""
        self.too_big = True
        del self._buffer[: -len(END)]
        self._searched = 0

    def refusal(self) -> Reason | None:
        """Return why the content cannot be taken as it was written, or None."""
        if self.too_big:
            return Reason.TOO_BIG
        if self.has_bare_newline:
            return Reason.BARE_NEWLINE
        return Reason.LINE_TOO_LONG if self.has_long_line else None

    @property
    def held(self) -> int:
        """How many octets are kept in memory."""
        return len(self._buffer)

    @property
    def octets(self) -> bytes:
        """The content as it was written: without the transparency dots. To be asked last."""
        if self._written is None:
            written = bytes(memoryview(self._buffer)[2:])
            self._buffer.clear()  # or 25 MB stand in memory three times
            self._written = written.replace(b"\r\n.", b"\r\n")[written.startswith(b".") :]
        return self._written

    @property
    def has_bare_newline(self) -> bool:
        """Whether a CR or LF stands alone."""
        return line_ends.has_bare_newline(self._buffer)

    @property
    def has_long_line(self) -> bool:
        """Whether a line is longer than even a lenient reader takes."""
        return line_ends.has_long_line(self._buffer, self.longest_line)
