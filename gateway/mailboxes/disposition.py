"""How is a mail answered, going by what it says alone? One pure function a kind of address.

What the network and the database know (whose it is, whether it came before, whether its author
may still write) is asked elsewhere. ``mail explain`` asks here, too, so that it says what the
gateway does.
"""

from core.verdict import Accept, Discard, Hold, InsteadOfWords, Reason, Reject
from gateway.mail.reports.report import ReportKind
from gateway.reading import Reading

_REPORTED = {
    ReportKind.BOUNCE: Reason.BOUNCE_RECORDED,
    ReportKind.COMPLAINT: Reason.COMPLAINT_RECORDED,
}


def of_reply(reading: Reading, doubt: Hold | None = None) -> Accept | Hold | Reject | Discard:
    """Return how a mail to a reply address is answered, whose author may write.

    ``doubt``: why it may not be its owner's.
    """
    if reading.unsafe:
        return Reject(Reason.TOO_COMPLEX)
    if isinstance(reading.verdict, Discard | Reject):
        return reading.verdict
    if reading.reaction is not None:
        return Accept(Reason.REACTED)
    return _refusal(reading) or waits_for(reading, doubt) or Accept(_asked_for(reading))


def waits_for(reading: Reading, doubt: Hold | None = None) -> Hold | None:
    """Return why a person must look before it is posted: a machine's, another's, or a notice."""
    if isinstance(reading.verdict, Hold):
        return reading.verdict
    return doubt or (Hold(Reason.REACTION_NOTICE) if reading.tells_of_reaction else None)


def of_bounce(reading: Reading) -> Accept | Discard:
    """Return how a mail to a bounce address is answered: never refused, or it would come again."""
    if reading.unsafe:
        return Discard(Reason.TOO_COMPLEX)
    if reading.report is not None:
        return Accept(_REPORTED.get(reading.report.kind, Reason.REPORT_RECORDED))
    if reading.verdict is not None:
        return Discard(reading.verdict.reason, reading.verdict.detail)
    return Discard(Reason.NO_REPORT)


def _refusal(reading: Reading) -> Reject | None:
    """Return why there is nothing that can be posted."""
    if reading.too_much:
        return Reject(Reason.TOO_BIG, reading.too_much)
    if reading.is_nothing:
        return Reject(Reason.NOTHING_TO_SAY, reading.instead or InsteadOfWords.NOTHING)
    return None


def _asked_for(reading: Reading) -> Reason:
    """Return what their words ask for: to be posted, or that no more mail comes."""
    stop = reading.asks_to_stop and not reading.files
    return Reason.OPTED_OUT if stop else Reason.POSTED
