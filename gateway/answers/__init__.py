"""What do we say to a peer? The one table of every reply the gateway can give, and its voice.

A verdict becomes the line (or lines) on the wire here and nowhere else. The rules: an Accept, a
Discard and a Hold sound alike, because whoever forges a mail must not hear that it was caught;
a Defer is 4yz and a Reject never 2yz whatever its reason's row says, because a mistake of ours
must not lose a mail. ``docs/smtp-answers.md`` is ``markdown()``.
"""

from collections.abc import Iterator
from functools import cache

from core.status import Status
from core.verdict import Accept, Defer, Discard, Hold, Reason, Reject, Verdict
from gateway.answers.occasions import OCCASIONS, Occasion
from gateway.answers.row import AnswerRow
from gateway.answers.verdicts import VERDICTS
from gateway.answers.wordless import WORDLESS

# RFC 5321, 4.5.3.1.5: a reply line has at most 512 octets, its CR LF included.
_LINE = 510


def answer(verdict: Verdict, link: str | None = None, reference: str | None = None) -> str:
    """Write the reply to a verdict; the link is for a sender who has proven who they are."""
    return _write(row_of(verdict), link, reference)


def row_of(verdict: Verdict) -> AnswerRow:
    """Return the row of a verdict: its status and its sentence."""
    match verdict:
        case Accept(reason):
            return _accepting(reason)
        case Discard() | Hold():
            return VERDICTS[Reason.POSTED]
        case Defer(reason):
            return _deferring(VERDICTS[reason])
        case Reject():
            return _refusing(_row_for(verdict))


@cache
def say(occasion: Occasion) -> str:
    """Write what the session says on an occasion of its own."""
    return _write(OCCASIONS[occasion], None, None)


@cache
def say_as(occasion: Occasion, hostname: str) -> str:
    """Write a reply in which our name comes first (RFC 5321, 4.2: greeting and EHLO)."""
    row = OCCASIONS[occasion]
    return f"{row.status.code} {hostname} {row.sentence}"


def markdown() -> str:
    """Write the table as a page for operators."""
    parts = [
        "# Every answer that SMTP and LMTP can give",
        "",
        "Generated from `gateway/answers/`; do not edit. *Temporary* answers ask the peer to keep",
        "the mail and try again. An accepted, discarded or held mail is answered alike. A verdict",
        "of *defer* turns the code of its reason into a temporary one (`451`).",
        "",
        "## About a mail",
        "",
        *_table(dict(_named_rows())),
        "",
        "## About the session",
        "",
        *_table({str(occasion): row for occasion, row in OCCASIONS.items()}),
    ]
    return "\n".join(parts) + "\n"


def _row_for(refused: Reject) -> AnswerRow:
    """Return the row of a refusal's reason; of what there was instead, where nothing was said."""
    return WORDLESS[refused.instead] if refused.instead else VERDICTS[refused.reason]


def _accepting(reason: Reason) -> AnswerRow:
    """Return the row of an Accept, which is 250 whatever its reason."""
    row = VERDICTS[reason]
    return row if row.status.code == 250 else VERDICTS[Reason.POSTED]


def _deferring(row: AnswerRow) -> AnswerRow:
    """Return the row with a temporary status."""
    if row.status.temporary:
        return row
    subject, detail = (row.status.subject, row.status.detail) if row.status.permanent else (3, 0)
    sentence = row.sentence if row.status.permanent else VERDICTS[Reason.INTERNAL_ERROR].sentence
    return AnswerRow(Status(451, subject, detail), sentence, row.when)


def _refusing(row: AnswerRow) -> AnswerRow:
    """Return the row of a refusal; a reason that is none is a mistake of ours, and temporary."""
    refusal = row.status.permanent or row.status.temporary
    return row if refusal else VERDICTS[Reason.INTERNAL_ERROR]


def _write(row: AnswerRow, link: str | None, reference: str | None) -> str:
    """Add the reference and the link, on a line of their own where the first has no room."""
    line = row.wire()
    if reference and _plain(reference):
        line = f"{line} ({reference})"
    if not link or not _plain(link):
        return line
    if len(line) + 1 + len(link) <= _LINE:
        return f"{line} {link}"
    prefix = str(row.status)
    return f"{line[:3]}-{line[4:]}\r\n{prefix} {link}" if len(link) < _LINE - 10 else line


def _named_rows() -> Iterator[tuple[str, AnswerRow]]:
    """Yield every row about a mail by its reason, and by its detail where that has a row."""
    for reason, row in VERDICTS.items():
        if reason is Reason.NOTHING_TO_SAY:
            yield from ((f"{reason}, {seen}", one) for seen, one in WORDLESS.items())
        else:
            yield str(reason), row


def _plain(text: str) -> bool:
    """Whether a text may stand in a reply: printable ASCII without blanks."""
    return text.isascii() and text.isprintable() and " " not in text


def _table(rows: dict[str, AnswerRow]) -> list[str]:
    lines = ["| name | answer | sentence | temporary | when |", "| --- | --- | --- | --- | --- |"]
    for name, row in rows.items():
        code = str(row.status.code) if row.bare else str(row.status)
        temporary = "yes" if row.status.temporary else "no"
        lines.append(f"| `{name}` | {code} | {row.sentence} | {temporary} | {row.when} |")
    return lines
