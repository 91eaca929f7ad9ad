"""Did a server on the way put a banner above what they wrote: "this mail is from outside"?

A banner is the first thing in the mail and made of a banner's sentences from end to end: known ones
(data/banners.toml), and such as say the same (``banner_sentence``). At least one of them must tell
that the mail comes from outside; tags and warnings alone are anybody's. Where the whole first
paragraph is a banner it goes; where words follow in the next line, line by line.

The trap: a person's first sentence may begin like a banner: "External email is blocked at work
today." A line that holds one more sentence than a banner has is the sender's, and stays whole.
"""

import re
from dataclasses import dataclass

from gateway.quote import drawn_line
from gateway.quote.banner_sentence import heads, hints, is_first_contact, tells, warns
from gateway.quote.cutmap import Rule
from gateway.quote.sheet import Sheet
from gateway.quote.words import fold, holds, opening, words

_LONGEST = 900
_MOST_LINES = 14
_MOST_BANNERS = 4  # two gateways, two banners each
_MARKED = "zjqcmqryfpfptbanner"
_MARK = re.compile(f"{_MARKED}(start|end)")
# Where one sentence ends and the next begins, also between a tag and what it warns of.
_SENTENCE = re.compile(
    r"(?<=[.!?])\s+|\*{1,3}\s+|(?<=[\u3002\uff01\uff1f])\s*|\s+[-\u2013\u2014|]{1,3}\s+|[\]】)]\s*|:(?!//)\s*|\uff1a\s*|\s{2,20}|\n"
)
_EDGES = (
    " \t.,!?:;*_-~=#|<>[]()【】「」\"'\u2013\u2014\u3002\uff01\uff1a"
    "\u26a0\ufe0f\u2757\u26d4\U0001f6a8"
)
_LINK = re.compile(
    r"[<(\[]?(?:https?://|www\.|mailto:)[^\s>)\]]{1,2000}[>)\]]?|<[^\s<>@]{1,64}@[^\s<>]{1,200}>"
)
_ADDRESS = re.compile(r"[^\s<>@\"']{1,64}@[\w.-]{2,200}")


@dataclass(frozen=True, slots=True)
class _Judged:
    """What a text is made of: nothing but a banner's sentences, and one among them that tells."""

    known: bool
    tells: bool


_STRANGE = _Judged(known=False, tells=False)


def fold_banner(sheet: Sheet) -> None:
    """Fold the external-sender banners that are the first thing in the mail."""
    first = sheet.next_line(0)
    for _ in range(_MOST_BANNERS):
        if first >= len(sheet) or not sheet.written(first):
            return
        end = _banner_end(sheet, first)
        if end == first or sheet.next_line(end) >= len(sheet):
            return
        sheet.fold_all(range(first, end), Rule.NOTICE, "a banner")
        first = sheet.next_line(end)


def _banner_end(sheet: Sheet, first: int) -> int:
    """Return the line after a banner that begins at a line; that line itself if none does."""
    fenced = _fenced_end(sheet, first)
    if fenced is not None:
        return fenced
    begin = _undrawn(sheet, first)
    end = _paragraph_end(sheet, begin)
    if end == begin:
        return first
    if not (_is_set_off(sheet, first, begin, end) and hints(_joined(sheet, begin, end).lower())):
        if not _may_tell(sheet, begin, end):
            return first
        whole = _judged(_joined(sheet, begin, end), strict=False)
        if not (whole.known and whole.tells):
            end = _known_lines(sheet, begin, end)
    if end == begin:
        return first
    following = sheet.next_line(end)
    below = sheet.lines[following].bare if following < len(sheet) else ""
    return following + 1 if below and drawn_line.framed(below) else _trailing(sheet, end)


def _fenced_end(sheet: Sheet, first: int) -> int | None:
    """Return where a banner ends that its maker has fenced in with marks, None without them."""
    top = sheet.lines[first]
    if _MARKED not in top.folded and _MARKED not in top.hidden.lower():
        return None  # nearly every mail
    inside = False
    for at in range(first, min(len(sheet), first + _MOST_LINES)):
        found = _MARK.findall(sheet.lines[at].folded + sheet.lines[at].hidden.lower())
        if not inside and "start" not in found and sheet.lines[at].bare:
            return None
        inside = inside or "start" in found
        if "end" in found:
            return at + 1
    return None


def _is_set_off(sheet: Sheet, first: int, begin: int, end: int) -> bool:
    """Whether lines are set apart at the very top: between drawn lines, or in a box."""
    below = sheet.next_line(end)
    if below >= len(sheet):
        return False
    if sheet.lines[begin].boxed:
        return not sheet.lines[below].boxed  # else all of the mail has a colour behind it
    return begin > first and drawn_line.framed(sheet.lines[below].bare)


def _undrawn(sheet: Sheet, first: int) -> int:
    """Return the first line from one on that is neither blank nor drawn."""
    at = first
    while at < len(sheet) and at - first < 3 and drawn_line.framed(sheet.lines[at].bare):
        at = sheet.next_line(at + 1)
    return at


def _paragraph_end(sheet: Sheet, first: int) -> int:
    """Return the line after the paragraph at a line: blank, drawn or quoted, or far."""
    at = first
    while at < min(len(sheet), first + _MOST_LINES):
        line = sheet.lines[at]
        if line.blank or line.depth or drawn_line.framed(line.bare):
            break
        if line.boxed is not sheet.lines[first].boxed:
            break
        at += 1
    return at


def _may_tell(sheet: Sheet, first: int, end: int) -> bool:
    """Whether a paragraph holds a word that tells at all: most first paragraphs do not."""
    text = "\n".join(line.folded for line in sheet.lines[first:end])
    if len(text) > 2 * _LONGEST:
        text = text[: 2 * _LONGEST]
    if holds(text, "banners", "outside") or ("@" in text and is_first_contact(text)):
        return True
    return sheet.lines[first].folded.strip(_EDGES) == "ext"


def _joined(sheet: Sheet, first: int, end: int) -> str:
    """Join lines that a program broke; a short one without an end is a heading of its own."""
    parts = [line.bare.rstrip("|\u2502\u2503\u2551 ") for line in sheet.lines[first:end]]
    return "\n".join(parts) if all(len(part) < 60 for part in parts[:-1]) else " ".join(parts)


def _known_lines(sheet: Sheet, first: int, end: int) -> int:
    """Return the line after the last of a paragraph's first lines that are a banner."""
    for stop in range(end, first, -1):
        lines = sheet.lines[first:stop]
        below = sheet.lines[stop].bare if stop < end else ""
        for joint in ("\n", " "):
            text = joint.join(line.bare for line in lines)
            judged = _judged(text, strict=stop - first > 1)
            if judged.known and judged.tells and (stop == end or _ended(text, below)):
                return stop
    return first


def _ended(text: str, following: str) -> bool:
    """Whether a sentence has ended, so that what stands below is another."""
    ends = (".", "!", "\u3002", "\uff01", ">", "]", ")", "】", "*")
    return text.rstrip(" _").endswith(ends) or not following[:1].islower()


def _trailing(sheet: Sheet, end: int) -> int:
    """Return the line after what else a banner says below a blank line: known sentences only."""
    at = sheet.next_line(end)
    while at < len(sheet) and at - end < _MOST_LINES and sheet.written(at):
        stop = _paragraph_end(sheet, at)
        judged = _judged(_joined(sheet, at, stop), strict=True)
        if not judged.known or judged.tells or stop == at:  # what tells is a banner of its own
            break
        end, at = stop, sheet.next_line(stop)
    return end


def _judged(text: str, *, strict: bool) -> _Judged:
    """Judge a text sentence by sentence; ``strict``: a warning must be one that is known."""
    if len(text) > _LONGEST:
        return _STRANGE
    pieces = _pieces(text)
    named, shouted = "@" in text, bool(pieces) and _is_shouted(text, pieces[0])
    marked = shouted or not text[:1].isalnum()
    tagged = told = headed = warned = False
    for piece in pieces[1:] if shouted else pieces:
        if piece in words("banners", "whole"):
            tagged = True
            told = told or _is_telling_tag(piece, text)
        elif (named and is_first_contact(piece)) or tells(piece, tagged=tagged or marked):
            told = True
        elif not headed and heads(piece):
            headed = True
        elif opening("banners", "openings", piece) or (not strict and warns(piece)):
            warned = True
        else:
            return _STRANGE
    return _Judged(known=True, tells=told or (headed and (warned or tagged)))


def _is_telling_tag(piece: str, text: str) -> bool:
    """Whether a tag tells by itself: "[Extern]", "EXTERNAL", "external sender"; not "External"."""
    if not (holds(piece, "banners", "outside") or piece.startswith("ext")):
        return False
    plain = " " not in piece and piece.isascii() and text[:1].isalpha() and not text.isupper()
    return not plain or len(text.split()) > 1


def _is_shouted(text: str, piece: str) -> bool:
    """Whether a text begins with a tag in capitals, in any language: "OPREZ: ..."."""
    said = text.strip(_EDGES)[: len(piece)]
    return (
        len(piece) > 3
        and piece.count(" ") < 3
        and said.isupper()
        and piece not in words("banners", "whole")
    )


def _pieces(text: str) -> list[str]:
    """Cut a text into sentences and tags, folded, without links and addresses."""
    folded = _LINK.sub(" | ", fold(text))
    pieces = [_ADDRESS.sub("", piece).strip(_EDGES) for piece in _SENTENCE.split(folded)]
    return [piece for piece in pieces if piece]
