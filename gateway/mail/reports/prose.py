"""What does a report say that follows no standard: qmail's, Exim's, Exchange's and many more?

Only the words before the mail that is brought back are read. Addresses are looked for where such
reports put them: in a header, at the beginning of a line, behind RCPT TO, then anywhere.
"""

import re

from core.outcome import PeerReply
from gateway.mail.reports.addresses import addresses_in
from gateway.mail.reports.cause import cause_of
from gateway.mail.reports.pieces import Pieces
from gateway.mail.reports.replies import reply_in
from gateway.mail.reports.report import NOTHING_SAID, Report, ReportKind
from gateway.mail.reports.wording import plain, wording

_LONGEST = 500
_LONGEST_ACCOUNT = 16 * 1024
_RCPT = re.compile(r"rcpt to:?[ \t]{0,4}(.{0,300})", re.IGNORECASE)
# An address that a line begins with, in brackets or quotes or not, perhaps behind a bullet.
_LISTED = re.compile(
    r"^[ \t]{0,20}[>*-]{0,3}[ \t]{0,4}[<\"'(]?[^\s<>\"'(),;:]{1,64}@.{0,255}", re.MULTILINE
)
_SUBJECT = re.compile(
    r"^[ \t>*]{0,20}(?:subject|betreff|objet|asunto|oggetto|assunto|件名)[ \t]{0,4}[:\uff1a].*$",
    re.MULTILINE | re.IGNORECASE,
)
_TO = re.compile(r"^[ \t>]{0,8}(?:X-Original-)?To:(.{0,500})", re.MULTILINE | re.IGNORECASE)


def read_prose(pieces: Pieces) -> Report | None:
    """Return what the words of a mail system tell, None if they tell of no delivery."""
    text, _ = own_and_rest(pieces.text)
    kind = _kind(plain(text), pieces)
    if kind is None:
        return None
    recipients = recipients_in(pieces)
    if kind in (ReportKind.DELIVERED, ReportKind.RELAYED):
        return Report(kind, NOTHING_SAID, recipients=recipients, shape="prose")
    reply = reply_in(text)
    cause = cause_of(reply, text)
    said = reply if reply.text else PeerReply(0, None, " ".join(text.split())[:_LONGEST])
    return Report(kind, said, cause, recipients=recipients, shape="prose")


def own_and_rest(text: str) -> tuple[str, str]:
    """Return the report's own words, and the mail it brings back.

    The subject of that mail is repeated in many a report, and says whatever its writer liked.
    """
    cut = wording().cuts.search(text)
    end = cut.start() if cut else len(text)
    return _SUBJECT.sub("", text[: min(end, _LONGEST_ACCOUNT)]), text[end:]


def _kind(words: str, pieces: Pieces) -> ReportKind | None:
    told = wording()
    if told.delayed.search(words):
        return ReportKind.DELAY
    subject = plain(pieces.subject)
    if (
        told.failed.search(words)
        or told.failed.search(subject)
        or "x-failed-recipients" in pieces.headers
    ):
        return ReportKind.BOUNCE
    if told.relayed.search(words):
        return ReportKind.RELAYED
    if told.delivered.search(words):
        return ReportKind.DELIVERED
    return ReportKind.BOUNCE if reply_in(words).code else None


def recipients_in(pieces: Pieces) -> tuple[str, ...]:
    """Return whom the words of a report are about; its own reader only if it names nobody else."""
    text, rest = own_and_rest(pieces.text)
    ours = {*pieces.authors, *addresses_in(pieces.headers.get("to", "").lower())}
    lines = "\n".join(found[0] for found in _LISTED.finditer(text))
    failed = pieces.headers.get("x-failed-recipients", "")
    for source in (
        failed,
        "\n".join(found[1] for found in _RCPT.finditer(text)),
        lines,
        text,
        pieces.returned.get("x-original-to", "") or pieces.returned.get("to", ""),
        "\n".join(found[1] for found in _TO.finditer(rest)),
    ):
        found = tuple(one for one in addresses_in(source) if one.lower() not in ours)
        if found:
            return found
    return addresses_in(failed) or addresses_in(lines)
