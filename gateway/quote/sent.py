"""What did we send this person, and which words are of it?

We know the digests we sent, so their quoted copy can be recognised by its words, whatever the
client did around it and whatever the language: by a digest's marker, by whole lines, and by the
sequences of three words. Which lines of a mail are ours: ``gateway/quote/sent_lines.py``.

The trap: a stranger may have written them. Everything looked up here is bounded and linear.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, pairwise

from gateway.quote.line import Line, LineRole
from gateway.quote.words import fold

_URL = re.compile(r"<?(?:https?://|mailto:|www\.)[^\s<>]{1,2000}>?")
_CJK = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\u0e00-\u0e7f"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
# The same for folded ASCII, three times as quick: blanks for all that is not of a word, then split.
_ASCII = {ord(sign): sign if sign.isalnum() else " " for sign in map(chr, range(128))}
_MAX_SENT = 200_000
_MAX_DIGESTS = 20
_COLUMNS = 76  # of a line of ours, unless it is one word
_SIGNS = re.compile(
    r"[\s\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e\xa0-\xbf"
    "\u2000-\u206f\u3000-\u303f\uff01-\uff0f\uff1a-\uff20]+"
)
_CJK_START = re.compile(f"[{_CJK}]")


@dataclass(frozen=True, slots=True)
class Sent:
    """What we sent this person once: the compact trace of a digest."""

    text: str = ""
    html: str = ""
    marker: str = ""
    message_id: str = ""
    subject: str = ""
    name: str = ""
    address: str = ""


def sent_from(fields: Mapping[str, str]) -> Sent:
    """Read what was sent from a mapping, as the store or a file tells it."""
    names = ("text", "html", "marker", "message_id", "subject", "name", "address")
    return Sent(**{name: str(fields.get(name) or "") for name in names})


@dataclass(frozen=True)
class AboveMarker:
    """What stands above a digest's marker."""

    text: str

    @cached_property
    def lines(self) -> frozenset[str]:
        """Its lines, folded."""
        return frozenset(_lines_of(self.text))

    @cached_property
    def threes(self) -> frozenset[tuple[str, ...]]:
        """Its sequences of three words."""
        return frozenset(_threes(words_of(self.text)))


@dataclass(frozen=True)
class SentEvidence:
    """What was sent, prepared for looking lines up. ``threes``: the sequences of three words."""

    markers: tuple[str, ...]
    lines: frozenset[str]
    threes: frozenset[tuple[str, ...]]
    vocabulary: frozenset[str]
    names: tuple[str, ...]
    last: frozenset[str]
    _texts: Sequence[Sequence[str]] = field(repr=False)
    _sent: Sequence[Sent] = field(repr=False)

    @cached_property
    def shorter(self) -> frozenset[tuple[str, ...]]:
        """The sequences of one or two words: in few mails a line is so short."""
        return frozenset(
            chain.from_iterable((*zip(words), *pairwise(words)) for words in self._texts)
        )

    @cached_property
    def flows(self) -> tuple[str, ...]:
        """The letters of what was sent, line by line, those together that we broke for width."""
        return tuple(map(_flow, self._sent))

    @cached_property
    def heads(self) -> Mapping[str, AboveMarker]:
        """By marker, what stands above it, of the digests that show it."""
        cut = ((one.marker.lower(), one.text[:_MAX_SENT].lower()) for one in self._sent)
        heads = {name: text.partition(name)[0] for name, text in cut if name and name in text}
        return {name: AboveMarker(head) for name, head in heads.items()}

    @cached_property
    def before_last(self) -> frozenset[str]:
        """The lines above the last ones of what was sent."""
        shown = (_lines_of(one.text[:_MAX_SENT])[-2:-1] for one in self._sent)
        return frozenset(chain.from_iterable(shown))


def evidence_of(sent: Sequence[Sent]) -> SentEvidence | None:
    """Prepare digests for looking lines up; None if nothing is known."""
    if not sent:
        return None
    texts = [digest.text[:_MAX_SENT] for digest in sent[:_MAX_DIGESTS]]
    words = [words_of(text) for text in texts]
    shown = [_lines_of(text) for text in texts]
    known = [fold(s) for d in sent for s in (d.name, d.address, d.subject) if len(s) > 2]
    return SentEvidence(
        markers=tuple(d.marker.lower() for d in sent if len(d.marker) > 7),
        lines=frozenset(chain.from_iterable(shown)),
        threes=frozenset(chain.from_iterable(map(_threes, words))),
        vocabulary=frozenset(chain.from_iterable(words)),
        names=tuple(dict.fromkeys(known)),
        last=frozenset(lines[-1] for lines in shown if lines),
        _texts=words,
        _sent=sent[:_MAX_DIGESTS],
    )


def _lines_of(text: str) -> list[str]:
    """Return the lines of a text that hold a word, folded."""
    return [fold(line.strip()) for line in text.split("\n") if _WORD.search(line)]


def _flow(sent: Sent) -> str:
    """Return the letters of a digest's lines, each ended unless there was no room for the next."""
    lines = sent.text[:_MAX_SENT].split("\n")
    pieces = []
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        full = len(line) + 1 + len(below.partition(" ")[0]) > _COLUMNS
        pieces.append(letters_of(line) + ("" if full and line and below else "\n"))
    return "".join(pieces)


def letters_of(text: str) -> str:
    """Return a text folded and without blanks and signs, which clients change and break at."""
    return _SIGNS.sub("", fold(text))


def repeats(line: Line, known: Container[tuple[str, ...]], evidence: SentEvidence) -> bool:
    """Tell whether most of what a line has of our words stands in known sequences of three."""
    ours = [one for one in _threes(words_of(line.bare[:4_000])) if one in evidence.threes]
    return bool(ours) and sum(one in known for one in ours) * 10 >= len(ours) * 7


def threes_of(lines: Iterable[Line]) -> frozenset[tuple[str, ...]]:
    """Return the sequences of three words of some lines, read one after another."""
    return frozenset(_threes(words_of("\n".join(line.bare[:4_000] for line in lines))))


def words_of(text: str) -> list[str]:
    """Return the words of a text, folded; addresses of pages left out, for clients rewrite them."""
    folded = fold(text)
    if "://" in folded or "www." in folded or "mailto:" in folded:
        folded = _URL.sub(" ", folded)
    return folded.translate(_ASCII).split() if folded.isascii() else _WORD.findall(folded)


def has_marker(line: Line, evidence: SentEvidence) -> bool:
    """Whether a line holds the marker of a digest, seen or hidden."""
    if "d-" not in line.shown and "D-" not in line.shown and not line.hidden:
        return False  # nearly every line
    text = line.shown.lower() + line.hidden
    return "rjd-" in text and any(marker in text for marker in evidence.markers)


def weight_of(line: Line, evidence: SentEvidence) -> int:
    """Return how many words of a line are ours, or 0 if too few are."""
    if len(line.bare) < 8:
        return 0
    words = words_of(line.bare[:4_000])
    enough = 4 if line.bare.isascii() else 6 if _CJK_START.search(line.bare) else 4
    if len(words) < enough:
        return 0
    found = sum(map(evidence.threes.__contains__, _threes(words)))
    return len(words) if found * 10 >= (len(words) - 2) * 7 else 0


def belongs_to(line: Line, evidence: SentEvidence) -> bool:
    """Whether a line between lines of ours is ours too: quoted, or short and of our words."""
    if line.blank or line.depth or line.role is LineRole.QUOTE:
        return True
    return in_our_words(line, evidence)


def in_our_words(line: Line, evidence: SentEvidence) -> bool:
    """Whether a line is short and of our words."""
    words = words_of(line.bare[:1_000])
    if len(words) <= 3:
        known = evidence.threes if len(words) == 3 else evidence.shorter
        return tuple(words) in known or not words
    ours = sum(word in evidence.vocabulary for word in words)
    return len(words) <= 12 and ours * 10 >= len(words) * 8


def _threes(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """Return the sequences of three words."""
    return zip(words, words[1:], words[2:], strict=False)
