"""Which rules are there, in which order? The first that matches names why.

From what cannot be anything else to what may be a person. Whatever rests on words alone, on a
list or on a ticket system through which people write too is held.
"""

from collections.abc import Callable

from core.verdict import Reason
from gateway.mail.machine import bulk, marks, origin, structure, subject
from gateway.mail.machine.evidence import Evidence
from gateway.mail.machine.finding import Fate, Rule

_DISCARD, _HOLD, _REJECT = Fate.DISCARD, Fate.HOLD, Fate.REJECT
_MARKED = marks.rules()


def _both(
    one: Callable[[Evidence], bool], other: Callable[[Evidence], bool]
) -> Callable[[Evidence], bool]:
    """Return a rule that holds where two weak ones do."""
    return lambda evidence: one(evidence) and other(evidence)


_away = subject.begins_with("away")
_ticket = subject.begins_with("ticket")

RULES: tuple[Rule, ...] = (
    # reports
    Rule("delivery report", Reason.REPORT, _DISCARD, structure.reports("delivery-status")),
    Rule(
        "read receipt",
        Reason.READ_RECEIPT,
        _DISCARD,
        structure.reports("disposition-notification"),
    ),
    Rule("complaint", Reason.REPORT, _DISCARD, structure.reports("feedback-report")),
    Rule("report", Reason.REPORT, _DISCARD, structure.any_report),
    # loops: before what our own headers would match further down
    Rule("our own mail", Reason.LOOP, _DISCARD, origin.our_own),
    Rule("null reverse-path", Reason.NULL_REVERSE_PATH, _DISCARD, origin.null_reverse_path),
    Rule("too many hops", Reason.LOOP, _REJECT, origin.too_many_hops),
    # what says of itself that it is automatic
    Rule("auto-forwarded", Reason.AUTO_SUBMITTED, _HOLD, origin.auto_forwarded),
    Rule("auto-submitted", Reason.AUTO_SUBMITTED, _DISCARD, origin.auto_submitted),
    _MARKED["auto-reply header"],
    _MARKED["auto-reply precedence"],
    _MARKED["server notice"],
    Rule("daemon's address", Reason.REPORT, _DISCARD, origin.daemon),
    _MARKED["read receipt's class"],
    _MARKED["challenge"],
    _MARKED["ticket receipt"],
    Rule("robot's address", Reason.AUTO_REPLY_HEADER, _DISCARD, origin.robot),
    Rule("robot's sender", Reason.AUTO_REPLY_HEADER, _DISCARD, origin.robot_sender),
    Rule("calendar answer", Reason.CALENDAR, _DISCARD, structure.answers_invitation),
    # two weak signs
    Rule(
        "bulk with vacation subject",
        Reason.AUTO_REPLY_SUBJECT,
        _DISCARD,
        _both(bulk.marked_bulk, _away),
    ),
    Rule(
        "bulk with ticket subject",
        Reason.AUTO_REPLY_SUBJECT,
        _DISCARD,
        _both(bulk.marked_bulk, _ticket),
    ),
    # a person may be behind these
    _MARKED["mailbox rule"],
    _MARKED["ticket system"],
    _MARKED["mailing list"],
    _MARKED["bulk precedence"],
    _MARKED["recall"],
    Rule("newsletter", Reason.MAILING_LIST, _HOLD, bulk.newsletter),
    Rule("unknown auto-reply header", Reason.AUTO_REPLY_HEADER, _HOLD, bulk.vendor_header),
    Rule("postmaster", Reason.REPORT, _HOLD, origin.postmaster),
    Rule("report among parts", Reason.REPORT, _HOLD, structure.holds_report),
    Rule("calendar answer with words", Reason.CALENDAR, _HOLD, structure.comments_invitation),
    Rule("invitation", Reason.CALENDAR, _HOLD, structure.invites),
    # words alone
    Rule("vacation subject", Reason.AUTO_REPLY_SUBJECT, _HOLD, _away),
    Rule(
        "vacation subject in the middle",
        Reason.AUTO_REPLY_SUBJECT,
        _HOLD,
        subject.speaks_of("within"),
    ),
    Rule("returned mail subject", Reason.REPORT, _HOLD, subject.begins_with("returned")),
    Rule("ticket subject", Reason.AUTO_REPLY_SUBJECT, _HOLD, _ticket),
    Rule("receipt subject", Reason.READ_RECEIPT, _HOLD, subject.begins_with("receipt")),
    Rule("challenge subject", Reason.AUTO_REPLY_SUBJECT, _HOLD, subject.begins_with("challenge")),
)
