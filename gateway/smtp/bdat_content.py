"""The content of a mail that comes in chunks of a length told beforehand (RFC 3030, BDAT).

Nothing in a chunk ends it and no dot is doubled, so its octets are the content. What is refused
in DATA is refused here too: beyond the limit a chunk is read to its end and thrown away, and bare
newlines are no text (RFC 3030, 3: only BODY=BINARYMIME may hold them, which is not offered).
"""

from dataclasses import dataclass

from gateway.smtp.dot_content import Content


@dataclass(slots=True)
class Chunks(Content):
    """The chunks that have come so far. ``failed``: one was refused, so all that follow are."""

    failed: bool = False

    def add(self, piece: bytes) -> None:
        """Take octets of a chunk."""
        if not self.too_big:
            self._buffer += piece
            if len(self._buffer) - 2 > self.most_octets:  # less what ``Content`` begins with
                self.forget()

    @property
    def octets(self) -> bytes:
        """The content as it was written."""
        return bytes(memoryview(self._buffer)[2:])
