"""What does the log say of a verdict? Its names, never an address or a word of the mail."""

from core.verdict import Accept, Defer, Reject, Verdict


def logged(verdict: Verdict) -> dict[str, str]:
    """Return what the log says of a verdict, by the keys that all its lines share."""
    said = {"verdict": type(verdict).__name__.lower(), "reason": verdict.reason.value}
    if isinstance(verdict, Accept) and verdict.receipt_id:
        said["receipt"] = verdict.receipt_id
        said["message"] = verdict.message_id or ""
    if isinstance(verdict, Reject) and verdict.instead:
        said["instead"] = verdict.instead.value
    if not isinstance(verdict, Accept | Defer | Reject) and verdict.detail:
        said["rule"] = verdict.detail
    return said
