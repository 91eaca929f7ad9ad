"""What does the mail's structure tell? Reports (RFC 6522) and answers to invitations (RFC 5546).

A report counts if it is the mail; one that lies among other parts was perhaps put there by a
person, or by a gateway that adds its legal text: held. An invitation attached as a file is a
file. A signed report (RFC 1847) is the part that is signed.
"""

import re
from collections.abc import Callable

from gateway.mail.machine.evidence import MachineEvidence, Piece

# RFC 3464, 8098, 5965, 3885 and their internationalised forms (RFC 6533).
_KINDS = {
    "delivery-status": ("delivery-status", "global-delivery-status"),
    "disposition-notification": ("disposition-notification", "global-disposition-notification"),
    "feedback-report": ("feedback-report",),
}
_INNER = frozenset(f"message/{name}" for names in _KINDS.values() for name in names)
_REPORT_TYPE = re.compile(r'; ?report-type ?= ?"?([a-z0-9-]{1,60})')
_METHOD = re.compile(r'; ?method ?= ?"?([a-z]{1,30})')
_ANSWERS = frozenset({"reply", "counter", "refresh", "declinecounter"})
_INVITATIONS = frozenset({"request", "publish", "cancel", "add"})


def reports(subject: str) -> Callable[[MachineEvidence], bool]:
    """Return a rule: the mail is a report of this type."""
    parts = {f"message/{name}" for name in _KINDS[subject]}

    def matches(evidence: MachineEvidence) -> bool:
        root = _root(evidence)
        if root.kind in parts:
            return True
        return root.kind == "multipart/report" and _report_type(root) in _KINDS[subject]

    return matches


def any_report(evidence: MachineEvidence) -> bool:
    """Tell whether the mail is a report of any type, or of none it names."""
    return _root(evidence).kind == "multipart/report"


def holds_report(evidence: MachineEvidence) -> bool:
    """Tell whether a report lies among the parts of the mail."""
    return any(
        piece.kind == "multipart/report" or piece.kind in _INNER
        for piece in evidence.pieces
        if not piece.is_file
    )


def answers_invitation(evidence: MachineEvidence) -> bool:
    """Tell whether this answers an invitation and says nothing more."""
    return evidence.wordless and comments_invitation(evidence)


def comments_invitation(evidence: MachineEvidence) -> bool:
    """Tell whether this answers an invitation; the words may be a person's or the calendar's."""
    return bool(_methods(evidence) & _ANSWERS)


def invites(evidence: MachineEvidence) -> bool:
    """Tell whether this is an invitation, or takes one back."""
    methods = _methods(evidence)
    return bool(methods & _INVITATIONS) or evidence.pieces[0].kind == "text/calendar"


def _root(evidence: MachineEvidence) -> Piece:
    """Return the outermost part, or what is signed in it."""
    root = evidence.pieces[0]
    if root.kind == "multipart/signed" and len(evidence.pieces) > 1:
        return evidence.pieces[1]
    return root


def _report_type(piece: Piece) -> str:
    found = _REPORT_TYPE.search(f";{piece.parameters}")
    return found.group(1) if found else ""


def _methods(evidence: MachineEvidence) -> set[str]:
    """Return what the calendar parts ask for. One that is a file in a mixed mail asks nothing."""
    found = [
        _METHOD.search(f";{piece.parameters}")
        for piece in evidence.pieces
        if piece.kind == "text/calendar" and not piece.is_file
    ]
    return {one.group(1) for one in found if one is not None}
