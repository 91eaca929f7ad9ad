"""The mail transaction of a session (RFC 5321, 3.3): what MAIL, RCPT and BDAT have said so far."""

from dataclasses import dataclass, field

from gateway.smtp.bdat_content import Chunks
from gateway.smtp.data_reader import DataReader


@dataclass(slots=True)
class MailTransaction:
    """One mail under way. ``reverse_path`` is None before MAIL, and empty for the null one.

    ``asked`` counts the recipients that were asked about, refused ones too. ``reader`` counts what
    is held of the content in memory: whoever drops a transaction calls ``let_go`` first.
    """

    reverse_path: str | None = None
    smtputf8: bool = False
    recipients: list[str] = field(default_factory=list)
    asked: int = 0
    reader: DataReader | None = None
    chunks: Chunks | None = None

    def let_go(self) -> None:
        """Hold its octets no more."""
        if self.reader is not None:
            self.reader.let_go()
