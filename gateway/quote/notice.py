"""Did a server on the way put a banner above what they wrote: "this mail is from outside"?

A banner is the first thing in the mail and made of known sentences from end to end
(data/banners.toml). It is folded line by line, so that words in the line below it are safe; a line
that holds one more sentence than is known is the sender's, and stays whole.

The trap: a person's first sentence may begin like a banner: "External email is blocked at work
today." So a tag counts only where it is all that a sentence says, and an opening is long enough
to be nobody's.
"""

import re

from gateway.quote.cutmap import Rule
from gateway.quote.line import Line
from gateway.quote.sheet import Sheet
from gateway.quote.words import fold, opening, words

_LONGEST = 900
_MOST_LINES = 14
_MOST_BANNERS = 4  # two gateways, two banners each
_MARK = re.compile(r"zjqcmqryfpfptbanner(start|end)")
_DRAWN = re.compile(r"[-_=*~#|\u2014\u2500\u2501\u2550\s]{3,200}$")
# Where one sentence ends and the next begins, also between a tag and what it warns of.
_SENTENCE = re.compile(
    r"(?<=[.!?])\s+|(?<=[\u3002\uff01\uff1f])\s*|\s+[-\u2013\u2014|]{1,3}\s+|[\]】)]\s*|:(?!//)\s*|\uff1a\s*|\n"
)
_EDGES = (
    " \t.,!?:;*_-~=#|<>[]()【】「」\"'\u2013\u2014\u3002\uff01\uff1a"
    "\u26a0\ufe0f\u2757\u26d4\U0001f6a8"
)
_LINK = re.compile(
    r"[<(\[]?(?:https?://|www\.|mailto:)[^\s>)\]]{1,2000}[>)\]]?|<[^\s<>@]{1,64}@[^\s<>]{1,200}>"
)
_ADDRESS = re.compile(r"[^\s<>@\"']{1,64}@[\w.-]{2,200}")


def fold_banner(sheet: Sheet) -> None:
    """Fold the external-sender banners that are the first thing in the mail."""
    first = sheet.next_line(0)
    for _ in range(_MOST_BANNERS):
        if first >= len(sheet) or not sheet.written(first):
            return
        fenced = _fenced_end(sheet, first)
        end = _known_end(sheet, first) if fenced is None else fenced
        if end == first or sheet.next_line(end) >= len(sheet):
            return
        sheet.fold_all(range(first, end), Rule.NOTICE, "a banner")
        first = sheet.next_line(end)


def _fenced_end(sheet: Sheet, first: int) -> int | None:
    """Return where a banner ends that its maker has fenced in with marks, None without them."""
    inside = False
    for at in range(first, min(len(sheet), first + _MOST_LINES)):
        found = _MARK.findall(sheet.lines[at].folded + sheet.lines[at].hidden.lower())
        if not inside and "start" not in found and sheet.lines[at].bare:
            return None
        inside = inside or "start" in found
        if "end" in found:
            return at + 1
    return None


def _known_end(sheet: Sheet, first: int) -> int:
    """Return the line after the last that is made of known sentences; ``first`` if none is."""
    end = at = first
    telling = False
    while at < len(sheet) and at - first < _MOST_LINES:
        line = sheet.lines[at]
        if line.blank or _DRAWN.match(line.bare):
            at += 1
            end = at if telling and not line.blank else end
            continue
        known = not line.depth and is_banner(line, after=telling)
        wrapped = None if known else _wrapped(sheet, at, after=telling)
        if not known and wrapped is None:
            break
        telling = True
        end = at = at + 1 if wrapped is None else wrapped
    return end if telling else first


def _wrapped(sheet: Sheet, at: int, *, after: bool) -> int | None:
    """Return the end of the paragraph at a line if it is a banner broken into lines."""
    end = at
    while end < len(sheet) and end - at < _MOST_LINES and not sheet.lines[end].blank:
        end += 1
        joined = " ".join(line.bare for line in sheet.lines[at:end])
        if end - at > 1 and len(joined) <= _LONGEST and _made_of_banners(joined, after=after):
            following = sheet.lines[end].bare if end < len(sheet) else ""
            if not following or _starts_anew(joined):
                return end
    return None


def _starts_anew(joined: str) -> bool:
    """Whether a sentence has ended, so that what stands below is another."""
    return joined.rstrip(" *_]").endswith((".", "!", "\u3002", "\uff01", ">", "]", ")"))


def is_banner(line: Line, *, after: bool = False) -> bool:
    """Whether a line is made of a banner's sentences; ``after``: one was found above."""
    return len(line.bare) <= _LONGEST and _made_of_banners(line.bare, after=after)


def _made_of_banners(text: str, *, after: bool) -> bool:
    folded = _LINK.sub(" ", fold(text))
    pieces = [piece.strip(_EDGES) for piece in _SENTENCE.split(folded)]
    pieces = [_ADDRESS.sub("", piece).strip() for piece in pieces if piece.strip(_EDGES)]
    pieces = [piece for piece in pieces if piece]
    tags = words("banners", "whole")
    if not pieces:
        return after and bool(text.strip(_EDGES))  # a link and nothing more, below a banner
    if all(piece in tags for piece in pieces):
        return after or not _may_be_said(pieces)
    return all(piece in tags or opening("banners", "openings", piece) for piece in pieces)


def _may_be_said(pieces: list[str]) -> bool:
    """Whether a tag alone may be a person's first word: "Attention!", "Note:", "Uwaga"."""
    return all(" " not in piece and "ext" not in piece for piece in pieces) and not any(
        sign in piece
        for piece in pieces
        for sign in ("外部", "社外", "외부", "внеш", "зовн", "harici", "εξωτ", "חיצ", "خارج")
    )
