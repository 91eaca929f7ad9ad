"""What does a delivery status notification say? By RFC 3464, and RFC 6533 beyond ASCII.

Action rules (RFC 3464, 2.3.3), since a status of 4.4.7 is both a warning and the end. Where it is
missing or translated, as some systems do, the status decides. The status is often the vague 5.0.0
while the words of the far server hold a better one.
"""

from collections.abc import Iterable

from core.outcome import PeerReply
from gateway.mail.reports.addresses import addresses_in
from gateway.mail.reports.cause import cause_of
from gateway.mail.reports.fields import Fields, blocks
from gateway.mail.reports.replies import better, reply_in, words_at
from gateway.mail.reports.report import NOTHING_SAID, Report, ReportKind

_ACTIONS = {
    "failed": ReportKind.BOUNCE,
    "failure": ReportKind.BOUNCE,
    "error": ReportKind.BOUNCE,
    "delayed": ReportKind.DELAY,
    "delivered": ReportKind.DELIVERED,
    "relayed": ReportKind.RELAYED,
    "expanded": ReportKind.RELAYED,
}
_STATED = ("original-recipient", "final-recipient")  # RFC 3464, 2.3.1 and 2.3.2
_WORST_FIRST = (ReportKind.BOUNCE, ReportKind.DELAY, ReportKind.RELAYED, ReportKind.DELIVERED)


def read_status(status: str, prose: str) -> Report | None:
    """Return what the fields tell of the worst that happened, None if they tell of nothing."""
    told = [(kind, one) for one in blocks(status) if (kind := _kind(one)) is not None]
    for kind in _WORST_FIRST:
        about = [one for found, one in told if found is kind]
        if about:
            return _report(kind, about, prose)
    return None


def _kind(fields: Fields) -> ReportKind | None:
    action = fields.get("action", "").lower().partition(" ")[0].strip(";,.()")
    if action in _ACTIONS:
        return _ACTIONS[action]
    match fields.get("status", "").strip()[:1]:
        case "5" | "4":
            return ReportKind.BOUNCE
        case "2":
            return ReportKind.DELIVERED
        case _:
            return ReportKind.BOUNCE if action and _recipients(fields) else None


def _report(kind: ReportKind, about: list[Fields], prose: str) -> Report:
    recipients = tuple(dict.fromkeys(a for one in about for a in _recipients(one)))
    action = about[0].get("action", "").lower()[:40]
    stated = all(_named_by(one, _STATED) for one in about)
    if kind in (ReportKind.DELIVERED, ReportKind.RELAYED):
        return Report(kind, NOTHING_SAID, None, action, recipients, "status", stated)
    reply = _reply(about[0], prose)
    cause = cause_of(reply, prose)
    return Report(kind, reply, cause, action, recipients, "status", stated)


def _reply(fields: Fields, prose: str) -> PeerReply:
    """Return what was said: in the diagnostic, by the status, in prose if both are vague."""
    kind, _, words = fields.get("diagnostic-code", "").partition(";")
    words = (words or (kind if " " in kind else "")).strip()
    said = reply_in(words)
    status = reply_in(fields.get("status", "")).enhanced
    given = PeerReply(said.code, status, words_at(words))
    if status and said.enhanced and said.enhanced[2:] != "0.0":
        given = PeerReply(said.code, said.enhanced, words_at(words))
    found = better(given, said)
    if found.code and found.enhanced and not found.enhanced.endswith(".0.0"):
        return found
    return better(found, reply_in(prose))


def _recipients(fields: Fields) -> tuple[str, ...]:
    """Return the address as we wrote it, else as it was tried last."""
    return _named_by(fields, (*_STATED, "x-actual-recipient"))


def _named_by(fields: Fields, names: Iterable[str]) -> tuple[str, ...]:
    """Return the one address that the first of some fields names."""
    for name in names:
        found = addresses_in(fields.get(name, "").partition(";")[2] or fields.get(name, ""))
        if found:
            return found[:1]
    return ()
