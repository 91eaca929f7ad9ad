"""Which rules are there, in which order? The first that matches names why.

From what cannot be anything else to what may be a person. Whatever rests on words alone, on a
list or on a ticket system through which people write too is held.
"""

from collections.abc import Callable

from core.verdict import Reason
from gateway.mail.machine import (
    bulk,
    marks,
    media,
    origin,
    subject,
)
from gateway.mail.machine.continuation import PhraseKind
from gateway.mail.machine.evidence import MachineEvidence
from gateway.mail.machine.finding import Fate, MachineRule

_DISCARD, _HOLD, _REJECT = Fate.DISCARD, Fate.HOLD, Fate.REJECT
_MARKED = marks.rules()


def _both(
    one: Callable[[MachineEvidence], bool], other: Callable[[MachineEvidence], bool]
) -> Callable[[MachineEvidence], bool]:
    """Return a rule that holds where two weak ones do."""
    return lambda evidence: one(evidence) and other(evidence)


def _any(*some: Callable[[MachineEvidence], bool]) -> Callable[[MachineEvidence], bool]:
    """Return a rule that holds where one of several does."""
    return lambda evidence: any(one(evidence) for one in some)


_away = subject.begins_with("away")
_away_within = subject.speaks_of("within")
_weak = subject.begins_with("weak", PhraseKind.EVERYDAY)
_away_open = _any(
    subject.may_begin_with("away"),
    subject.may_speak_of("within"),
    subject.may_begin_with("weak", PhraseKind.EVERYDAY),
    subject.marked_at_end,
)
_ticket = subject.begins_with("ticket", PhraseKind.SENTENCE)
_says_away = subject.says("absent", "automatic")
_says_automatic = subject.says("automatic")
_says_anything = subject.says("absent", "automatic", "weak")

RULES: tuple[MachineRule, ...] = (
    # reports
    MachineRule("delivery report", Reason.REPORT, _DISCARD, media.reports("delivery-status")),
    MachineRule(
        "read receipt",
        Reason.READ_RECEIPT,
        _DISCARD,
        media.reports("disposition-notification"),
    ),
    MachineRule("complaint", Reason.REPORT, _DISCARD, media.reports("feedback-report")),
    MachineRule("report", Reason.REPORT, _DISCARD, media.any_report),
    # loops: before what our own headers would match further down
    MachineRule("our own mail", Reason.LOOP, _DISCARD, origin.our_own),
    MachineRule("null reverse-path", Reason.NULL_REVERSE_PATH, _DISCARD, origin.null_reverse_path),
    MachineRule("too many hops", Reason.LOOP, _REJECT, origin.too_many_hops),
    # what says of itself that it is automatic
    MachineRule("auto-forwarded", Reason.AUTO_SUBMITTED, _HOLD, origin.auto_forwarded),
    MachineRule("auto-submitted", Reason.AUTO_SUBMITTED, _DISCARD, origin.auto_submitted),
    _MARKED["auto-reply header"],
    _MARKED["auto-reply precedence"],
    _MARKED["server notice"],
    MachineRule("daemon's address", Reason.REPORT, _DISCARD, origin.daemon),
    _MARKED["read receipt's class"],
    _MARKED["challenge"],
    _MARKED["ticket receipt"],
    MachineRule("robot's address", Reason.AUTO_REPLY_HEADER, _DISCARD, origin.robot),
    MachineRule("robot's sender", Reason.AUTO_REPLY_HEADER, _DISCARD, origin.robot_sender),
    MachineRule("calendar answer", Reason.CALENDAR, _DISCARD, media.answers_invitation),
    # two weak signs
    MachineRule(
        "bulk with vacation subject",
        Reason.AUTO_REPLY_SUBJECT,
        _DISCARD,
        _both(bulk.marked_bulk, _away),
    ),
    MachineRule(
        "bulk with ticket subject",
        Reason.AUTO_REPLY_SUBJECT,
        _DISCARD,
        _both(bulk.marked_bulk, _ticket),
    ),
    MachineRule(
        "vacation subject and words",
        Reason.AUTO_REPLY_SUBJECT,
        _DISCARD,
        _both(_away, _says_away),
    ),
    MachineRule(
        "vacation in the subject's middle and words",
        Reason.AUTO_REPLY_SUBJECT,
        _DISCARD,
        _both(_away_within, _says_away),
    ),
    MachineRule(
        "ticket subject and words",
        Reason.AUTO_REPLY_SUBJECT,
        _DISCARD,
        _both(_ticket, _says_automatic),
    ),
    # a person may be behind these
    _MARKED["mailbox rule"],
    _MARKED["ticket system"],
    _MARKED["mailing list"],
    _MARKED["bulk precedence"],
    _MARKED["recall"],
    MachineRule("newsletter", Reason.MAILING_LIST, _HOLD, bulk.newsletter),
    MachineRule("unknown auto-reply header", Reason.AUTO_REPLY_HEADER, _HOLD, bulk.vendor_header),
    MachineRule("postmaster", Reason.REPORT, _HOLD, origin.postmaster),
    MachineRule("report among parts", Reason.REPORT, _HOLD, media.holds_report),
    MachineRule("calendar answer with words", Reason.CALENDAR, _HOLD, media.comments_invitation),
    MachineRule("invitation", Reason.CALENDAR, _HOLD, media.invites),
    # words alone
    MachineRule("vacation subject", Reason.AUTO_REPLY_SUBJECT, _HOLD, _away),
    MachineRule(
        "vacation subject in the middle",
        Reason.AUTO_REPLY_SUBJECT,
        _HOLD,
        _away_within,
    ),
    MachineRule(
        "open vacation subject and words",
        Reason.AUTO_REPLY_SUBJECT,
        _HOLD,
        _both(_away_open, _says_anything),
    ),
    MachineRule("absence subject", Reason.AUTO_REPLY_SUBJECT, _HOLD, _weak),
    MachineRule(
        "returned mail subject",
        Reason.AUTO_REPLY_SUBJECT,
        _HOLD,
        subject.begins_with("returned"),
    ),
    MachineRule("ticket subject", Reason.AUTO_REPLY_SUBJECT, _HOLD, _ticket),
    MachineRule("receipt subject", Reason.READ_RECEIPT, _HOLD, subject.begins_with("receipt")),
    MachineRule(
        "challenge subject",
        Reason.AUTO_REPLY_SUBJECT,
        _HOLD,
        subject.begins_with("challenge", PhraseKind.SENTENCE),
    ),
)
