"""What is there to know about one line of a mail?

Everything the rules ask about a line is worked out here, once: its quote depth, its bare text
without prefixes, emphasis and invisible characters, and its traits (does it hold an address, a
date, a time, a verb of saying?). The rules then only look; none of them searches a line again.

The trap: a stranger chose the line. Only the first characters are looked at, and no pattern here
nests a repetition in a repetition that could give back what it took.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import wraps
from typing import Final, NamedTuple

from gateway.quote.words import fold, pattern

# Longer lines are prose or hostile; neither is an attribution, a header or a signature.
MAX_LOOKED_AT = 600

_INVISIBLE = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad"
    "\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u2800\u3164\uffa0]"  # and what only fills a place
)
_PREFIXES = re.compile(r"(?:[ \t\xa0]{0,4}+>)++")
_FOREIGN_DIGIT = re.compile("[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]")
_DIGITS = {0x0660 + n: str(n) for n in range(10)} | {0x06F0 + n: str(n) for n in range(10)}
_DIGITS |= {0x0966 + n: str(n) for n in range(10)}

# Sought by its sign: a pattern that begins with a name tries every letter of the line.
_ADDRESS = re.compile(r"@(?<=[^\s@<>()\[\]\"',;:]@)[^\s@<>()\[\]\"',;:]{2}")
# A date or a time begins where a number does, so they are tried there and nowhere else.
_NUMBER = re.compile(r"\d+")
_NUMBER_ASCII = re.compile(r"[0-9]+")
_TIME = re.compile(r"\d{1,2}\s?[:h\uff1a]\s?\d\d(?!\d)|(?<![./-])\d{1,2}\.\d\d(?![\d.%])")
_DATE = re.compile(
    r"(?:\d{4}\s?[-/.年년]\s?\d{1,2}\s?[-/.月월]\s?\d{1,2}"
    r"|\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?(?:\d{4}|\d\d|\d)(?!\d)"
    r"|\d{1,2}(?!\d)[^\d\n@<]{1,24}(?<!\d)(?:19|20|25)\d\d(?!\d)"
    r"|(?:19|20|25)\d\d(?!\d)[^\d\n@<]{1,16}(?<!\d)\d{1,2}(?!\d))"
)
_LABEL = re.compile(
    r"([^\W\d_][^:\uff1a\n@<>\"/()]{0,34}?)[ \t\xa0*]{0,4}[:\uff1a]\**(?!//)(.*)", re.DOTALL
)
_TRAILING = " -*_\t."
_LEADING = " -*_>"
# What may follow the verb of an attribution: a colon, dashes, an ending for the other gender.
_AFTER_VERB = " -*_:\uff1a.()/aolei\u0430\u043e\u043b\u0438"
_MARKER = re.compile(r"rjd-[0-9a-f]{12}(?![0-9a-f])")
_LONGEST_VERB = 20
_LABEL_REACH = 48
_WORTHWHILE = re.compile(r"[\d@:\uff1a<]")
_WORTHWHILE_ASCII = re.compile(r"[0-9@:<]")  # the same for ASCII, twice as quick


class Trait:
    """What a line holds, as bits. Plain integers: they are combined for every line."""

    NONE: Final = 0
    ADDRESS: Final = 1
    DATE: Final = 2
    TIME: Final = 4
    VERB: Final = 8
    VERB_LAST: Final = 16
    COLON_LAST: Final = 32
    ADDRESS_LAST: Final = 64
    OPENER: Final = 128


class LineRole(Enum):
    """What the HTML around a line says the line is."""

    QUOTE = "quote"
    ATTRIBUTION = "attribution"
    TAIL = "tail"
    SIGNATURE = "signature"


class Frame(NamedTuple):
    """One formatting element around a run, with the frames around it. Made cheaply."""

    tag: str
    value: str
    outer: "Frame | None"
    depth: int


class Run(NamedTuple):
    """A piece of a line in one format. Made cheaply: there are several in every line."""

    text: str
    frame: Frame | None


@dataclass(slots=True, eq=False)
class Line:
    """One line as it stands in the mail, and what is known of it."""

    shown: str
    depth: int = 0
    bare: str = ""
    role: LineRole | None = None
    marker: str = ""
    opens: str = ""
    hidden: str = ""
    runs: tuple[Run, ...] = ()
    block: int = 0
    # Within a border or a colour that begins the mail: a banner's look, and some people's.
    boxed: bool = False
    _traits: int | None = field(default=None, repr=False)
    _label: tuple[str, str] | None = field(default=None, repr=False)
    _folded: str | None = field(default=None, repr=False)
    answers: dict[str, bool] | None = field(default=None, repr=False)  # see asked_once

    @property
    def blank(self) -> bool:
        """Whether nothing is written on it."""
        return not self.bare

    @property
    def traits(self) -> int:
        """What it holds, worked out on first asking."""
        if self._traits is None:
            self._traits = traits_of(self.bare)
        return self._traits

    @property
    def folded(self) -> str:
        """Its bare text folded for comparison with word lists."""
        if self._folded is None:
            self._folded = fold(self.bare[:MAX_LOOKED_AT])
        return self._folded

    @property
    def label(self) -> str:
        """The label of a ``Label: value`` line, folded; empty if it is none."""
        return self._labelled()[0]

    @property
    def value(self) -> str:
        """The value of a ``Label: value`` line."""
        return self._labelled()[1]

    def _labelled(self) -> tuple[str, str]:
        if self._label is None:
            self._label = label_of(self.bare)
        return self._label


def asked_once(test: Callable[[Line], bool]) -> Callable[[Line], bool]:
    """Make a test of a line that each line remembers the answer to."""
    name = test.__name__

    @wraps(test)
    def asked(line: Line) -> bool:
        answers = line.answers
        if answers is None:
            answers = line.answers = {}
        if name not in answers:
            answers[name] = test(line)
        return answers[name]

    return asked


def has_marker_shape(line: Line) -> bool:
    """Whether a line holds something of the shape of a digest's marker."""
    return marker_in(line) != ""


def marker_in(line: Line) -> str:
    """Return what a line holds of the shape of a digest's marker, seen or hidden, or nothing."""
    if "rjd-" not in line.shown and "rjd-" not in line.hidden:
        return ""
    found = _MARKER.search(line.shown + line.hidden)
    return found.group() if found else ""


def markers_in(lines: Iterable[Line]) -> frozenset[str]:
    """Return what lines hold of that shape. Most hold nothing, and are not asked."""
    may_hold = (line for line in lines if line.hidden or "rjd-" in line.shown)
    return frozenset(filter(None, map(marker_in, may_hold)))


def text_line(shown: str) -> Line:
    """Read one line of a plain text."""
    return Line(shown, *unquote(shown))


def unquote(shown: str) -> tuple[int, str]:
    """Return how many ``>`` stand before a line, and the rest without what does not show."""
    depth, text = 0, shown
    if shown[:1] == ">" and ">" not in shown[1:6]:
        # Most quoted lines: one sign, and no other near enough to be a prefix.
        depth, text = 1, shown[1:]
    elif ">" in shown and (found := _PREFIXES.match(shown)):
        end = found.end()
        depth, text = shown.count(">", 0, end), shown[end:]
    if not text.isascii():
        text = _INVISIBLE.sub("", text).replace("\xa0", " ")
    return depth, text.strip()


def traits_of(text: str) -> int:
    """Work out what a text holds."""
    if len(text) > MAX_LOOKED_AT or not _worthwhile(text):
        return Trait.NONE
    if not text.isascii() and _FOREIGN_DIGIT.search(text):
        text = text.translate(_DIGITS)
    traits = Trait.NONE
    if _ADDRESS.search(text):
        traits |= Trait.ADDRESS
    number = _NUMBER_ASCII if text.isascii() else _NUMBER
    numbers = [found.start() for found in number.finditer(text)]
    if any(_DATE.match(text, at) for at in numbers):
        traits |= Trait.DATE
    if any(_TIME.match(text, at) for at in numbers):
        traits |= Trait.TIME
    return traits | _wording(text)


def _worthwhile(text: str) -> bool:
    """Whether a text holds a sign without which it has no traits."""
    signs = _WORTHWHILE_ASCII if text.isascii() else _WORTHWHILE
    return signs.search(text) is not None


def may_end_one(line: Line) -> bool:
    """Whether an attribution could end here: at a colon, an address or a verb.

    It is asked before the traits, which cost ten times as much: most lines with a number are prose.
    """
    if not _worthwhile(line.bare):
        return False
    text = line.folded
    if text.rstrip(_TRAILING).endswith((":", "\uff1a", ">")):
        return True
    near = len(text.rstrip(_AFTER_VERB)) - _LONGEST_VERB
    return pattern("attribution", "verbs", text).search(text, max(0, near)) is not None


def _wording(text: str) -> int:
    """Work out the traits that hang on words and on the line's end."""
    folded = fold(text)
    ended = folded.rstrip(_TRAILING)
    traits = Trait.NONE
    if ended.endswith((":", "\uff1a")):
        traits |= Trait.COLON_LAST
    elif ended.endswith(">"):
        traits |= Trait.ADDRESS_LAST
    last = 0
    for found in pattern("attribution", "verbs", folded).finditer(folded):
        traits |= Trait.VERB
        last = found.end()
    if traits & Trait.VERB and not folded[last:].strip(_AFTER_VERB):
        traits |= Trait.VERB_LAST
    opener = pattern("attribution", "openers", folded).match(folded.lstrip(_LEADING))
    return traits | Trait.OPENER if opener else traits


def label_of(text: str) -> tuple[str, str]:
    """Split ``Label: value``; a label has at most four words and no sentence in it."""
    head = text[:_LABEL_REACH]
    if len(text) > 2_000 or (":" not in head and "\uff1a" not in head):
        return "", ""
    found = _LABEL.match(text.lstrip("*_ \t"))
    if found is None:
        return "", ""
    label = found.group(1).strip(" *_\t")
    if label.count(" ") > 3:
        return "", ""
    return fold(label), found.group(2).strip(" *\t")
