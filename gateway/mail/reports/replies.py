"""What did the server say? The SMTP reply in a line of a report (RFC 5321, 4.2; RFC 3463, 2).

The trap: reports are full of numbers. An IP address holds what looks like an enhanced code, a size
or a port what looks like a reply code. So a bare code counts only where words follow it.
"""

import re

from core.outcome import PeerReply

_LONGEST = 500
_CODE = r"(?<![\d./#=])(?<!\d:)(4[2357]\d|5[0-7]\d)"
_ENHANCED = r"(?<![\d.])([245]\.\d\.\d{1,3})(?![\d.]*\d)"
_BOTH = re.compile(_CODE + r"[\s:-]{1,8}[(\[]?#?" + _ENHANCED)
_BARE = re.compile(_CODE + r"[\s:,-]{1,8}(?=[^\d\s])")
_ALONE = re.compile(_ENHANCED)
_CODES = re.compile(
    r"^[ :-]{0,3}(?:[245]\d\d[ :-]{1,3})?(?:#?[245]\.\d{1,3}\.\d{1,3}(?:[ :-]{1,3}|$))?"
)
_SPACES = re.compile(r"\s+")


def reply_in(text: str) -> PeerReply:
    """Return the most telling reply of a text; code 0 and no words if there is none."""
    both = _BOTH.search(text)
    if both is not None:
        return PeerReply(int(both[1]), both[2], words_at(text, both.end()))
    bare, alone = _BARE.search(text), _ALONE.search(text)
    code = int(bare[1]) if bare else 0
    enhanced = alone[1] if alone and _agree(code, alone[1]) else None
    at = bare or (alone if enhanced else None)
    return PeerReply(code, enhanced, words_at(text, at.end()) if at else "")


def better(first: PeerReply, second: PeerReply) -> PeerReply:
    """Put two accounts of one refusal together; the first rules, unless it says nothing."""
    enhanced = first.enhanced
    if second.enhanced and _vague(enhanced) and _agree(first.code, second.enhanced):
        enhanced = second.enhanced
    code = first.code
    if not code and second.code and (enhanced is None or _agree(second.code, enhanced)):
        code = second.code
    return PeerReply(code, enhanced, (first.text or second.text)[:_LONGEST])


def words_at(text: str, start: int = 0) -> str:
    """Return what is said from a place on, up to an empty line, without codes before it."""
    rest = _SPACES.sub(" ", text[start : start + _LONGEST].partition("\n\n")[0])
    return _CODES.sub("", rest).strip()


def _vague(enhanced: str | None) -> bool:
    return enhanced is None or enhanced.endswith(".0.0")


def _agree(code: int, enhanced: str) -> bool:
    """Tell whether the classes are the same (RFC 2034, 4)."""
    return not code or enhanced[0] == str(code)[0]
