"""Who complains, and of what? Abuse reports by RFC 5965, with the types added since.

A complaint is a wish of the reader: the button "this is spam" or "unsubscribe". A mail whose
signature failed (RFC 6591), one that was no spam after all (RFC 6430), or one that a scanner took
for a virus says nothing of what the reader wants.
"""

from core.outcome import PeerReply
from gateway.mail.reports.addresses import addresses_in
from gateway.mail.reports.fields import Fields, blocks
from gateway.mail.reports.pieces import Pieces
from gateway.mail.reports.report import Report, ReportKind

_WISHES = frozenset({"abuse", "fraud", "opt-out", "opt-out-list", "unsubscribe", "complaint"})
_RECIPIENT = ("original-rcpt-to", "removal-recipient")


def read_feedback(pieces: Pieces) -> Report | None:
    """Return what a feedback report tells, None if there is none in the mail."""
    for fields in blocks(pieces.feedback):
        sort = fields.get("feedback-type", "").lower().split(";")[0].strip()
        if sort:
            kind = ReportKind.COMPLAINT if sort in _WISHES else ReportKind.OTHER
            said = PeerReply(0, None, f"feedback {sort}"[:200])
            return Report(kind, said, recipients=_recipients(fields, pieces), shape="feedback")
    return _hotmail(pieces)


def _hotmail(pieces: Pieces) -> Report | None:
    """Return a complaint in the form of Microsoft's Junk Mail Reporting Program, of no RFC."""
    reader = pieces.returned.get("x-hmxmroriginalrecipient", "")
    if not reader or not pieces.subject.lower().strip().startswith("complaint about message from"):
        return None
    said = PeerReply(0, None, "feedback abuse")
    return Report(ReportKind.COMPLAINT, said, recipients=addresses_in(reader), shape="feedback")


def _recipients(fields: Fields, pieces: Pieces) -> tuple[str, ...]:
    for name in _RECIPIENT:
        found = addresses_in(fields.get(name, ""))
        if found:
            return found
    return addresses_in(pieces.returned.get("to", ""))
