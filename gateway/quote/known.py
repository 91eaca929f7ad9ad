"""Which blocks stood in this person's earlier mails, or in mails of several of their domain?

What ends one mail after another word for word is a signature, a disclaimer, a motto, in whatever
language; what does so at the head is a banner. This needs no list of words. It is evidence and no
proof: an answer may be repeated, an order, an address that somebody asked for again. So

- what is announced stays ("my address again:"), and so does all above a sign-off;
- a block counts below a sign-off or a drawn line, and below the history; a card, or what stands
  below one or the sender's name, only where this conversation has had it, or after many mails:
  whoever sells things gives each buyer the same address; what is long, only after many;
- what several of a domain share was written by others: it counts as a card, or below a sign-off,
  and where it says something, only if it is worded as notices are, and nobody speaks of himself;
- a mail is never folded so that only its greeting is left.

``core.rules.block_memory`` says how blocks are remembered; here only digests are compared.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from core.rules.block_memory import OFTEN, digest_of
from gateway.quote.announcement import announces
from gateway.quote.blocks import (
    Block,
    first,
    frame,
    greets,
    is_card,
    is_worth_it,
    tails,
)
from gateway.quote.cutmap import Rule
from gateway.quote.footer_wording import is_spoken, is_worded
from gateway.quote.sayings import is_closing, is_remark
from gateway.quote.sheet import Sheet
from gateway.quote.words import fold

_THEIRS = "stood in earlier mails of theirs"
_SHARED = "stood in mails of several people of their domain"
_LEAST_BANNER = 30  # letters
_LEAST_PROSE = 100  # letters, of what is folded wherever it ends a mail: a short answer may recur


class Digests(NamedTuple):
    """One block of a mail, as it is remembered of the person, and of their domain."""

    person: bytes
    domain: bytes


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of how a person's mails end.

    ``key``, ``shared_key``: under which blocks are remembered of the person, and of their domain.
    ``times``: in how many earlier mails of theirs a block stood; ``here``: those that stood last in
    one to this conversation. ``shared``: the blocks that several people of the domain write.
    ``names``: what the person is called. ``marks``: by what the domain's list counts each of their
    mailboxes; ``place``: by what the person's list knows this conversation.
    """

    key: bytes = field(repr=False)
    shared_key: bytes = field(repr=False)
    times: Mapping[bytes, int] = field(default_factory=dict)
    here: frozenset[bytes] = frozenset()
    shared: frozenset[bytes] = frozenset()
    names: tuple[str, ...] = ()
    marks: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    place: bytes = field(default=b"", repr=False)

    def before(self, blocks: Iterable[Digests]) -> "Known":
        """Return what was known before a mail with these blocks taught, if it was the last to."""
        taught = frozenset(one.person for one in blocks)
        less = {one: times - (one in taught) for one, times in self.times.items()}
        times = {one: count for one, count in less.items() if count}
        return replace(self, times=times, here=self.here - taught)


class Blocks:
    """The blocks of one mail at which it can be known, looked up once."""

    def __init__(self, sheet: Sheet, known: Known) -> None:
        """Find them. Asked when history is folded, and signatures are not yet."""
        self._known = known
        self._sheet = sheet
        self._names, whole = _called(known.names)
        self._tails = tails(sheet, whole)
        self._first = first(sheet)
        self._digests: dict[str, Digests] = {}

    def fold(self, sheet: Sheet) -> None:
        """Fold what is known. Asked before signatures are looked for, and once more after."""
        if not self._known.times and not self._known.shared:
            return
        for tail in self._tails:
            self._fold_tail(sheet, tail)
        self._fold_banner(sheet)

    def give_back(self, sheet: Sheet) -> None:
        """Give all of it back where only a greeting would be left."""
        if Rule.KNOWN not in sheet.rules:
            return
        written = [at for at in range(len(sheet)) if sheet.written(at)]
        if any(not self._says_nothing(sheet, at, written[0]) for at in written):
            return
        for at, rule in enumerate(sheet.rules):
            if rule is Rule.KNOWN:
                sheet.unfold(at)

    def learnable(self, sheet: Sheet) -> tuple[Digests, ...]:
        """Return the digests of the blocks that are worth remembering, from the top."""
        found = [one for tail in self._tails for one in tail if is_worth_it(sheet, one)]
        head = self._first
        if head is not None and len(head.text) >= _LEAST_BANNER:
            found.append(head)
        return tuple(dict.fromkeys(map(self._digest, found)))

    def _fold_tail(self, sheet: Sheet, tail: list[Block]) -> None:
        """Fold the last blocks that are known, from the first one that is believed."""
        begin = len(tail)
        while begin > 0 and (self._times(tail[begin - 1]) or _is_folded(sheet, tail[begin - 1])):
            begin -= 1
        while begin < len(tail) and not self._believed(sheet, tail[begin]):
            begin += 1
        for block in tail[begin:]:
            if _is_announced(sheet, block) and not _is_folded(sheet, block):
                continue
            reason = _SHARED if self._is_shared(block) else _THEIRS
            if self._times(block):
                sheet.fold_all(frame(sheet, block), Rule.KNOWN, reason)

    def _believed(self, sheet: Sheet, block: Block) -> bool:
        """Whether a known block, with no other above it, is no answer."""
        times, lines = self._times(block), block.end - block.start
        if not times or block.signs_off or _is_announced(sheet, block):
            return False
        if lines == 1 and len(block.text) < _LEAST_BANNER:
            return False  # a name below a sign-off belongs to it; a motto goes with the card
        card = is_card(sheet, block)
        if block.closed or (block.foot and len(block.text) >= _LEAST_BANNER):
            return times >= 2 or (block.closed and (card or lines >= 3))
        if times >= OFTEN:
            long = len(block.text) >= _LEAST_PROSE and not self._is_shared(block)
            return card or block.named or long
        here = self._digest(block).person in self._known.here
        return times >= 2 and here and (card or block.named)

    def _fold_banner(self, sheet: Sheet) -> None:
        """Fold a known first block above a greeting."""
        head = self._first
        if head is None or len(head.text) < _LEAST_BANNER or self._times(head) < 2:
            return
        after = sheet.next_line(head.end)
        greeted = after < len(sheet) and greets(sheet.lines[after])
        if greeted and not greets(sheet.lines[head.start]):
            reason = _SHARED if self._is_shared(head) else _THEIRS
            sheet.fold_all(range(head.start, head.end), Rule.KNOWN, reason)

    def _says_nothing(self, sheet: Sheet, at: int, first_written: int) -> bool:
        """Whether a line is a greeting, a sign-off, or the name below it."""
        line = sheet.lines[at]
        if is_closing(line) or (at == first_written and greets(line)):
            return True
        return line.folded.strip(" ,.*_-") in self._names

    def _times(self, block: Block) -> int:
        """In how many earlier mails a block stood; OFTEN if several people share it."""
        times = self._known.times.get(self._digest(block).person, 0)
        return OFTEN if self._is_shared(block) else times

    def _is_shared(self, block: Block) -> bool:
        """Whether others of the domain wrote it, this person not as often, and it may count."""
        digests = self._digest(block)
        if digests.domain not in self._known.shared:
            return False
        if self._known.times.get(digests.person, 0) >= OFTEN:
            return False
        lines = self._sheet.lines[block.start : block.end]
        return is_worded(lines) if any(map(is_remark, lines)) else not is_spoken(lines)

    def _digest(self, block: Block) -> Digests:
        known = self._known
        found = self._digests.get(block.text)
        if found is None:
            person = digest_of(block.text, known.key)
            found = Digests(person, digest_of(block.text, known.shared_key))
            self._digests[block.text] = found
        return found


@lru_cache(maxsize=1_024)
def _called(names: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Return what a person is called, folded, and the same with each first word alone."""
    folded = frozenset(fold(name) for name in names)
    whole = (part for name in folded for part in (name, name.split(" ")[0]) if part)
    return folded, frozenset(whole)


def _is_announced(sheet: Sheet, block: Block) -> bool:
    return block.above >= 0 and announces(sheet.lines[block.above])


def _is_folded(sheet: Sheet, block: Block) -> bool:
    """Whether another rule has folded all of a block."""
    return not sheet.any_written(block.start, block.end)
