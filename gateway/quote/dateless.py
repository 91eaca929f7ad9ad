"""Where does a line say who wrote, and little more?

"Ann Bright wrote:", "ann@example.com schrieb:", "03.06.2025 10:15, Ann Bright": some clients leave
out the date, the verb or the colon. Such a line weighs too little by itself, so what stands around
it must speak: a quote below, our name, an address, the end of the sender's text right above.

The trap: "Bob wrote:" is also how people retell a talk. So the line must hold a name and nothing
else, and an opening without a quote is weak: any other opening further down takes its place.
"""

import re
from functools import cache

from gateway.quote.cutmap import Rule
from gateway.quote.line import Line, Trait
from gateway.quote.sayings import is_closing, is_greeting
from gateway.quote.sheet import Opening, Sheet
from gateway.quote.tagline import is_tagline
from gateway.quote.words import fold, load, pattern, words

_LONGEST = 160
_MOST_NAMES = 5
_MOST_SMALL = 3
_TALK = 40  # lines above in which another "Bob wrote:" makes it a talk
_SIDES = " ,;:.()<>[]*_\"'\uff1a-\u2013/\u3001\uff0c"
_STOPS = (".", "!", "?", "\u3002", ",")
_COLONS = (":", "\uff1a")
_FAR_BELOW = 400  # lines in which an answer to the quote would stand
# No capital inside the brackets, and it is a remark: "Tom (again):".
_BRACKETED = re.compile(r"([^\W\d_][^():<>@]{0,60}) \(([^\W\d_][^()]{0,60})\) ?[:\uff1a]$")
_BOTH = Trait.DATE | Trait.TIME


def dateless_at(sheet: Sheet, at: int, names: tuple[str, ...]) -> Opening | None:
    """Return the opening that only names who wrote, on this one line, or None."""
    line = sheet.lines[at]
    if len(line.bare) > _LONGEST or line.depth:
        return None
    if line.bare.rstrip(" *_").endswith(_COLONS):
        return _named(sheet, at, names) or _dated(sheet, at, names) or _bracketed(sheet, at)
    if "@" in line.bare or (sheet.quoted(at + 1) if at + 1 < len(sheet) else False):
        return _dated(sheet, at, names)
    return None


def groupwise_at(sheet: Sheet, at: int) -> Opening | None:
    """Return GroupWise's opening ``>>> name date time >>>``, which looks like a quote of three."""
    line = sheet.lines[at]
    if not line.bare.endswith(">>>") or not line.traits & (_BOTH | Trait.ADDRESS):
        return None
    return Opening(at, at + 1, Rule.ATTRIBUTION, "GroupWise's line above what it answers")


def _named(sheet: Sheet, at: int, names: tuple[str, ...]) -> Opening | None:
    """Return an opening that is a name or an address, and a verb of writing."""
    line = sheet.lines[at]
    if not line.traits & Trait.VERB_LAST or line.traits & _BOTH:
        return None
    who = _without_verb(line)
    if who is None or not _is_name(who):
        return None
    if _quote_below(sheet, at, 2):
        return Opening(at, at + 1, Rule.ATTRIBUTION, "says who wrote, above a quote")
    last = sheet.next_line(at + 1) >= len(sheet)
    address = line.traits & Trait.ADDRESS
    if not (address or _blank_above(sheet, at)) or _in_a_talk(sheet, at):
        return None
    known = address or any(name in line.folded for name in names) or _greets_below(sheet, at)
    if not _own_above(sheet, at) or not (
        known or last or _text_ended(sheet, at) or _greeted(sheet, who)
    ):
        return None
    return Opening(at, at + 1, Rule.ATTRIBUTION, "says who wrote", weak=True)


def _dated(sheet: Sheet, at: int, names: tuple[str, ...]) -> Opening | None:
    """Return an opening of date, time and name without a verb, or of all without a colon."""
    line = sheet.lines[at]
    if not line.traits & Trait.DATE or line.bare.endswith(_STOPS) or not _own_above(sheet, at):
        return None
    address = line.traits & Trait.ADDRESS
    said = Trait.VERB | Trait.TIME
    if address and line.traits & said and _blank_above(sheet, at) and _blank_below(sheet, at):
        if not _in_a_list(sheet, at) and (_is_name(line.bare) or line.traits & Trait.VERB):
            return Opening(at, at + 1, Rule.ATTRIBUTION, "says who and when", weak=True)
        return None
    if not line.traits & Trait.TIME or not _is_name(line.bare):
        return None
    # With a colon it may stand a blank line above the quote; without, it may be an answer: a date.
    reach = 2 if line.bare.endswith(_COLONS) and _blank_above(sheet, at) else 1
    glued = _quote_below(sheet, at, reach) and not _quoted_above(sheet, at)
    ours = _blank_above(sheet, at) and any(name in line.folded for name in names)
    if not (glued or ours):
        return None
    return Opening(at, at + 1, Rule.ATTRIBUTION, "says who and when", weak=not glued)


def _bracketed(sheet: Sheet, at: int) -> Opening | None:
    """Return an opening that is a name with what it is of, and a colon: "Ann Bright (Sales):".

    People set a colon below any noun; nobody brackets who wrote above the quote that ends a mail.
    """
    found = _BRACKETED.match(sheet.lines[at].bare)
    if found is None or sheet.lines[at].traits & _BOTH or not all(map(_is_name, found.groups())):
        return None
    if not (_quote_below(sheet, at, 1) and _blank_above(sheet, at) and _own_above(sheet, at)):
        return None
    below = range(at + 1, min(len(sheet), at + _FAR_BELOW))
    if _quoted_above(sheet, at) or any(
        sheet.written(one) and not sheet.quoted(one) for one in below
    ):
        return None
    return Opening(at, at + 1, Rule.ATTRIBUTION, "says who wrote, above a quote")


def _in_a_list(sheet: Sheet, at: int) -> bool:
    """Whether a line near it has an address and a date, too."""
    near = (*sheet.lines[max(0, at - _TALK) : at], *sheet.lines[at + 1 : at + 6])
    return any(
        line.traits & Trait.ADDRESS and line.traits & Trait.DATE and not line.depth for line in near
    )


def _without_verb(line: Line) -> str | None:
    """Return a line without its verb of writing, None if it says something else."""
    folded = line.folded
    found = None
    for verb in pattern("attribution", "verbs", folded).finditer(folded):
        found = verb
    if found is None or found.group() in words("attribution", "handing"):
        return None
    text = line.bare if len(folded) == len(line.bare) else folded
    return f"{text[: found.start()]} {text[found.end() :]}"


def _is_name(text: str) -> bool:
    """Whether a text is a name or an address, beside numbers and a few small words of dates."""
    named = small = 0
    for part in text.split():
        bare = part.strip(_SIDES)
        if not bare or bare[0].isdigit() or fold(bare) in _particles():
            continue
        if fold(bare) in words("attribution", "not_names"):
            return False
        if "@" in bare or bare[0].isupper() or not _has_case(bare[0]):
            named += 1
        else:
            small += len(bare) > 1
            if len(bare) > _MOST_SMALL + 1:
                return False
    return 0 < named <= _MOST_NAMES + 3 and small <= _MOST_SMALL and named >= small


def _has_case(character: str) -> bool:
    """Whether a character is of a script with capitals."""
    return character.lower() != character.upper()


@cache
def _particles() -> frozenset[str]:
    """Return the small words that stand in names and around verbs."""
    return frozenset(fold(word) for word in load("attribution")["particles"])


def _quote_below(sheet: Sheet, at: int, reach: int) -> bool:
    """Whether a quote begins within the next lines."""
    below = sheet.next_line(at + 1)
    return below < len(sheet) and below - at <= reach and sheet.quoted(below)


def _quoted_above(sheet: Sheet, at: int) -> bool:
    """Whether a quote stands closely above: then the line answers it."""
    return any(sheet.quoted(above) for above in range(max(0, at - _TALK), at))


def _blank_above(sheet: Sheet, at: int) -> bool:
    """Whether a line begins a paragraph."""
    return at > 0 and sheet.lines[at - 1].blank


def _blank_below(sheet: Sheet, at: int) -> bool:
    """Whether a line ends a paragraph."""
    return at + 1 >= len(sheet) or sheet.lines[at + 1].blank


def _own_above(sheet: Sheet, at: int) -> bool:
    """Whether the sender says more than a greeting above."""
    above = range(max(0, at - _TALK), at)
    return any(sheet.written(one) and not is_greeting(sheet.lines[one]) for one in above)


def _in_a_talk(sheet: Sheet, at: int) -> bool:
    """Whether another line above tells who wrote, too."""
    both = Trait.VERB_LAST | Trait.COLON_LAST
    above = sheet.lines[max(0, at - _TALK) : at]
    return any(line.traits & both == both and not line.depth for line in above)


def _text_ended(sheet: Sheet, at: int) -> bool:
    """Whether the text right above has come to its end: a device's tagline, or a sign-off."""
    above = [line for line in sheet.lines[max(0, at - 6) : at] if not line.blank][-2:]
    return any(is_closing(line) for line in above) or (bool(above) and is_tagline(above[-1]))


def _greets_below(sheet: Sheet, at: int) -> bool:
    """Whether the text below begins as a mail does: "Hi Bo,"."""
    below = sheet.next_line(at + 1)
    return below < len(sheet) and is_greeting(sheet.lines[below])


def _greeted(sheet: Sheet, who: str) -> bool:
    """Whether the mail begins by greeting whom the line names: "Hi Ann," above "Ann wrote:"."""
    first = sheet.next_line(0)
    if first >= len(sheet) or not is_greeting(sheet.lines[first]):
        return False
    greeted = {part.strip(_SIDES) for part in sheet.lines[first].folded.split()[1:]}
    return any(len(one) > 2 and one in greeted for one in map(_bare, who.split()))


def _bare(part: str) -> str:
    """Return a word without what stands around it, folded."""
    return fold(part.strip(_SIDES))
