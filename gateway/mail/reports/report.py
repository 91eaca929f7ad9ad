"""What a report tells about one mail of ours."""

from dataclasses import dataclass
from enum import StrEnum

from core.outcome import Cause, PeerReply

NOTHING_SAID = PeerReply(0, None, "")


class ReportKind(StrEnum):
    """What became of the mail (stable names, stored with the receipt)."""

    BOUNCE = "bounce"  # it will not arrive
    DELAY = "delay"  # not yet; somebody still tries
    DELIVERED = "delivered"  # it lies in the mailbox
    RELAYED = "relayed"  # it was handed to a system that reports nothing
    COMPLAINT = "complaint"  # it arrived, and its reader does not want such mail
    OTHER = "other"  # a report, and not about delivery


@dataclass(frozen=True, slots=True)
class Report:
    """One report. ``shape`` names how it was read, ``action`` is RFC 3464's word if it was said.

    ``reply`` is what a server said when it refused; code 0 when none did, then the words are the
    reporting system's own. ``cause`` is None where nothing went wrong. ``recipients_stated``: all
    of them by the fields for it, Original-Recipient and Final-Recipient (RFC 3464, 2.3.1 and
    2.3.2); else they are addresses that stood in the words, of a help desk perhaps.
    """

    kind: ReportKind
    reply: PeerReply
    cause: Cause | None = None
    action: str = ""
    recipients: tuple[str, ...] = ()
    shape: str = ""
    recipients_stated: bool = False

    @property
    def recipient(self) -> str | None:
        """The address the report is about, as it names it."""
        return self.recipients[0] if self.recipients else None

    @property
    def summary(self) -> str:
        """One line for an operator: the cause, the codes, the words."""
        code = str(self.reply.code) if self.reply.code else ""
        said = " ".join(part for part in (code, self.reply.enhanced or "", self.reply.text) if part)
        return ": ".join(part for part in ((self.cause or self.kind).value, said) if part)[:500]
