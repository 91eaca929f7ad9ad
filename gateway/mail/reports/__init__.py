"""Is this mail a report about one of ours, and what does it tell?

A standard report is read by its structure (RFC 3464, RFC 6533, RFC 5965). What older and larger
systems write instead is read by its wording, and only where its headers say that a mail system
speaks: a person who quotes a bounce, or forwards one, reports nothing.

Nothing here believes a report. Whoever acts on one must know from the address it came to (a signed
token) which delivery it is about; addresses in a report are shown to operators and never looked up.
"""

from dataclasses import replace

from gateway.mail.parse import Mail
from gateway.mail.reports.delivery_status import read_status
from gateway.mail.reports.feedback import read_feedback
from gateway.mail.reports.pieces import gather
from gateway.mail.reports.prose import own_and_rest, read_prose, recipients_in
from gateway.mail.reports.report import NOTHING_SAID, Report, ReportKind
from gateway.mail.reports.voice import is_system


def read_report(mail: Mail, reverse_path: str | None = None) -> Report | None:
    """Return what a report tells, or None if the mail is none. Bounded; never raises.

    Without the envelope's reverse-path, the header that a server made of it counts.
    """
    pieces = gather(mail)
    if reverse_path is not None:
        pieces.headers["return-path"] = f"<{reverse_path.strip('<>')}>"
    complaint = read_feedback(pieces)
    if complaint is not None:
        return complaint
    system = is_system(pieces)
    if system or pieces.is_report:
        found = read_status(pieces.status, own_and_rest(pieces.text)[0])
        if found is not None:
            return found if found.recipients else replace(found, recipients=recipients_in(pieces))
    if system:
        found = read_prose(pieces)
        if found is not None:
            return found
    # A read receipt (RFC 8098), or a report that is too broken to be read.
    return Report(ReportKind.OTHER, NOTHING_SAID, shape="other") if pieces.is_report else None
