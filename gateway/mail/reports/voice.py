"""Who speaks: a mail system about a mail, or a person?

A person who quotes a bounce, or forwards one, reports nothing. So wording counts only in a mail
whose headers say that a mail system wrote it: a daemon's address, a daemon's name, a header that
only daemons write; or a subject that only they write, or a mail brought back, where the mail says
that it answers for itself.
"""

import re

from gateway.mail.reports.pieces import Pieces
from gateway.mail.reports.wording import wording

_DAEMON = re.compile(
    r"(?:mailer-?_?daemon|mail-?daemon|mdaemon|post[_-]?master|mmdf|mail\.?delivery"
    r"[a-z.-]{0,20}|bounces?|delivery|mail-?system|system-?administrator|postfix|(?:email-)?failure"
    r"|microsoftexchange[0-9a-f]{20,40}|no-?reply|do-?not-?reply)(?:[+=-][^@]{0,64})?(?:@|$)"
)
# Addresses that mail systems use, and many others too: a name or a subject must say it as well.
_SHARED = re.compile(r"(?:bounces?|delivery|no-?reply|do-?not-?reply)(?:[+=-][^@]{0,64})?@")
_NAME = re.compile(
    r"mail(?:er)?[ .-]?daemon|mail[ .]deliver|delivery (?:subsystem|system|agent|notification)"
    r"|mail (?:administrator|system)|internet mail|post(?:master|office)|system administrator"
)
_FOR_A_BOUNCE = re.compile(r"invoked for bounce", re.IGNORECASE)
_ANSWERS_FOR_ITSELF = re.compile(r"auto-(?:replied|generated|notified)")
_NOBODY = frozenset({"<>", "<mailer-daemon>", "mailer-daemon", "< >"})
_ONLY_DAEMONS_WRITE = ("x-failed-recipients", "x-ms-exchange-message-is-ndr")


def is_system(pieces: Pieces) -> bool:
    """Tell whether a mail system wrote it."""
    headers = pieces.headers
    if any(name in headers for name in _ONLY_DAEMONS_WRITE):
        return True
    if _FOR_A_BOUNCE.search(headers.get("received", "")) or headers.get("from", "") == "<>":
        return True
    subject = wording().subject(pieces.subject)
    author = _author(pieces)
    if _DAEMON.match(author) and (subject or _SHARED.match(author) is None):
        return True
    if _NAME.search(headers.get("from", "").lower()[:200]):
        return subject or _nobody(headers)
    return (subject or bool(pieces.returned)) and _nobody(headers)


def _author(pieces: Pieces) -> str:
    """Return the author, also one without a domain: daemons of old wrote so."""
    if pieces.authors:
        return pieces.authors[0]
    return pieces.headers.get("from", "").lower()[:200].strip(" <>\"'")


def _nobody(headers: dict[str, str]) -> bool:
    """Tell whether no answer is wanted (RFC 5321, 4.5.5; RFC 3834, 5)."""
    return (
        headers.get("return-path", "").lower() in _NOBODY
        or _ANSWERS_FOR_ITSELF.match(headers.get("auto-submitted", "").lower()) is not None
    )
