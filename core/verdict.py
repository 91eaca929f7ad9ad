"""What we answer to mail offered to us: accept, defer, reject, discard or hold, and why.

Five values, because "no" is an expected ending and owes a reason. A Discard and a Hold are
answered 250 like an Accept: the peer is done with the mail, and we know what became of it.
The words and SMTP codes of each reason stand in ``gateway/answers``.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum


class Reason(StrEnum):
    """Why a verdict is what it is: stable names, shown to operators and stored on receipts."""

    # accepted
    POSTED = "posted"
    REACTED = "reacted"
    DUPLICATE = "duplicate"
    BOUNCE_RECORDED = "bounce_recorded"
    REPORT_RECORDED = "report_recorded"
    COMPLAINT_RECORDED = "complaint_recorded"
    OPTED_OUT = "opted_out"
    KEPT_FOR_OPERATOR = "kept_for_operator"

    # nobody we know, or not theirs to say
    UNKNOWN_ADDRESS = "unknown_address"
    RELAY_DENIED = "relay_denied"
    NO_ACCESS = "no_access"
    SENDER_MISMATCH = "sender_mismatch"
    SENDER_UNPROVEN = "sender_unproven"
    SENDER_UNCHECKED = "sender_unchecked"
    ONE_TOKEN = "one_token"  # noqa: S105  a reason, not a secret

    # the mail itself
    TOO_BIG = "too_big"
    MALFORMED = "malformed"
    TOO_COMPLEX = "too_complex"
    NOTHING_TO_SAY = "nothing_to_say"
    BARE_NEWLINE = "bare_newline"
    LINE_TOO_LONG = "line_too_long"
    LOOP = "loop"
    ENCRYPTED = "encrypted"
    RICH_TEXT = "rich_text"

    # written by a machine
    NULL_REVERSE_PATH = "null_reverse_path"
    AUTO_SUBMITTED = "auto_submitted"
    REPORT = "report"
    NO_REPORT = "no_report"
    READ_RECEIPT = "read_receipt"
    AUTO_REPLY_HEADER = "auto_reply_header"
    MAILING_LIST = "mailing_list"
    AUTO_REPLY_SUBJECT = "auto_reply_subject"
    CALENDAR = "calendar"
    REACTION_NOTICE = "reaction_notice"
    REACTION_UNPLACED = "reaction_unplaced"
    BREAKER = "breaker"

    # ours
    QUARANTINED = "quarantined"
    STORAGE_UNAVAILABLE = "storage_unavailable"
    STORAGE_FULL = "storage_full"
    SHUTTING_DOWN = "shutting_down"
    OPERATOR_BUSY = "operator_busy"
    DAY_SPENT = "day_spent"
    INTERNAL_ERROR = "internal_error"


class InsteadOfWords(StrEnum):
    """What a mail holds in which nothing is said: the detail of NOTHING_TO_SAY, a stable name."""

    PICTURE = "picture"
    QUOTE = "quote"
    SIGNATURE = "signature"
    EMPTY_FILE = "empty_file"
    UNREADABLE = "unreadable"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Accept:
    """The mail is ours, on disk, and did what it came for."""

    reason: Reason
    receipt_id: str | None = None
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Defer:
    """Not now: the peer keeps the mail and tries again."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a refusal: the owner of the address it was written to.

    ``link`` leads to the conversation. It is there only if the sender has proven to be that owner.
    """

    locale: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """No, and trying again will not help. Who reads it changes the words, not the verdict.

    ``detail`` is for operators, and may hold a file's name; ``instead`` says it in a closed list.
    """

    reason: Reason
    detail: str = ""
    reader: Reader | None = field(default=None, compare=False)

    @property
    def instead(self) -> InsteadOfWords | None:
        """What there was in place of words; None where that is not why it is refused."""
        if self.reason is not Reason.NOTHING_TO_SAY:
            return None
        seen = (one for one in InsteadOfWords if one == self.detail)
        return next(seen, InsteadOfWords.NOTHING)


@dataclass(frozen=True, slots=True)
class Discard:
    """Taken, recorded and not posted: a machine wrote it."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """Taken, recorded, and waiting for a person to say whether it may be posted."""

    reason: Reason
    detail: str = ""


Verdict = Accept | Defer | Reject | Discard | Hold


def read_by(verdict: Verdict, reader: Reader) -> Verdict:
    """Return a verdict that knows who reads it, if it is a refusal."""
    return replace(verdict, reader=reader) if isinstance(verdict, Reject) else verdict
