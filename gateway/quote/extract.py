"""What did they write?

The page to read first. Evidence, strongest first: what we sent this person, the structure of the
HTML, the structure of the text, signatures. Each rule folds lines on one sheet; nothing is deleted.
User text lost is the worst error, a quote leaked the lesser, so every doubt keeps the line.

Pure, linear in the size of the mail, bounded, and it never raises.
"""

from dataclasses import dataclass, replace

from gateway.mail.body import Body
from gateway.quote.above import fold_below_the_line
from gateway.quote.baseline import disagrees
from gateway.quote.cutmap import CutMap, Rule
from gateway.quote.extraction import Fallback, Reply, ReplyKind
from gateway.quote.history import History, fold_history
from gateway.quote.indent import indented, peel
from gateway.quote.interleaved import keep_context
from gateway.quote.kind import kind_of
from gateway.quote.known import Blocks, Digests, Known
from gateway.quote.line import Line, markers_in
from gateway.quote.notice import fold_banner
from gateway.quote.picture_refs import folded_pictures
from gateway.quote.plain import read_plain
from gateway.quote.render import as_html, as_text
from gateway.quote.safety import give_back
from gateway.quote.sent import Sent, SentEvidence, evidence_of
from gateway.quote.sent_lines import Match, mark_sent
from gateway.quote.sheet import Sender, Sheet
from gateway.quote.signature import fold_signatures
from gateway.quote.structure import read_structure
from gateway.quote.wanted import NOTHING_MORE, Wanted, unfold_wanted

# Asked of every line, where looking a member up in its enum would cost more than the rest.
_CONTEXT = Rule.CONTEXT
# What owns all that stands below it.
_TO_THE_END = frozenset({Rule.HISTORY, Rule.FORWARD})


@dataclass(frozen=True, slots=True)
class _Result:
    """One source read to its end."""

    sheet: Sheet
    history: History
    match: Match | None
    fallback: Fallback
    beyond: str
    unread: bool
    source: str
    pictures: frozenset[str] = frozenset()
    blocks: tuple[Digests, ...] = ()


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What is known before the mail is read: what was sent, and how this person's mails end."""

    sent: SentEvidence | None
    known: Known | None


def extract(
    body: Body, *sent: Sent, known: Known | None = None, wanted: Wanted = NOTHING_MORE
) -> Reply:
    """Return what the sender newly wrote.

    ``sent`` are the digests this person may be answering; ``known``, how earlier mails of theirs
    ended; ``wanted``, lines that are kept whatever the rules say of them.
    """
    result = _read(body, _Evidence(evidence_of(sent), known))
    if wanted:
        unfold_wanted(result.sheet, wanted)
    return _reply(body, result)


def _read(body: Body, evidence: _Evidence) -> _Result:
    """Read the HTML, which tells most; the text where there is none or nothing is left of it."""
    if body.html is None or not body.html.strip():
        return _judge(read_plain(body.text or ""), evidence, "text", body)
    structure = read_structure(body.html)
    beyond = structure.beyond, structure.unread
    result = _judge((structure.lines, *beyond), evidence, "html", body)
    if not _kept(result.sheet) and result.match is None and indented(structure.lines):
        # The whole mail stands in one quote element, with a reply's structure inside: an indent.
        peeled = _judge((peel(structure.lines), *beyond), evidence, "html", body)
        result = peeled if peeled.history.openings and _kept(peeled.sheet) else result
    if structure.pictures:
        result = replace(result, pictures=folded_pictures(structure.pictures, result.sheet))
    if body.text and not _kept(result.sheet) and not (result.match and result.match.whole):
        other = _judge(read_plain(body.text), evidence, "text", body)
        if _kept(other.sheet):
            return replace(other, fallback=Fallback.OTHER_PART)
    return result


def _judge(
    read: tuple[list[Line], str, bool], evidence: _Evidence, source: str, body: Body
) -> _Result:
    """Let each rule fold what it recognises, strongest evidence first."""
    lines, beyond, unread = read
    sender = Sender(body.sender_name, body.sender_address.partition("@")[0])
    told = evidence.sent
    sheet = Sheet(lines, sender, told.lines if told else ())
    names = told.names if told else ()
    fold_banner(sheet)
    match = mark_sent(sheet, evidence.sent)
    fold_below_the_line(sheet)
    history = fold_history(sheet, names, match)
    blocks = _fold_endings(sheet, evidence.known)
    keep_context(sheet)
    fallback = give_back(sheet, ours=match is not None, files=body.has_files)
    return _Result(sheet, history, match, fallback, beyond, unread, source, blocks=blocks)


def _fold_endings(sheet: Sheet, known: Known | None) -> tuple[Digests, ...]:
    """Fold signatures: those that are known, and those that look like one.

    A known disclaimer hides a card above it from whoever looks for one, and a new tagline hides a
    known card: so what is known is asked for before and after.
    """
    if known is None:
        fold_signatures(sheet)
        return ()
    blocks = Blocks(sheet, known)
    blocks.fold(sheet)
    fold_signatures(sheet)
    blocks.fold(sheet)
    blocks.give_back(sheet)
    return blocks.learnable(sheet)


def _kept(sheet: Sheet) -> bool:
    """Whether anything of the sender's is left."""
    return sheet.any_written(0, len(sheet))


def _reply(body: Body, result: _Result) -> Reply:
    """Write the answer down."""
    sheet = result.sheet
    given = zip(sheet.lines, sheet.rules, strict=True)
    kept = [line for line, rule in given if rule is None or rule is _CONTEXT]
    text = as_text(kept)
    kind = kind_of(text, body, forward=result.history.forward)
    if kind is ReplyKind.REACTION and body.reaction:
        text = body.reaction
    cuts = _cut_map(sheet, result.beyond)
    return Reply(
        text=text,
        kind=kind,
        confidence=_confidence(result, body),
        html=as_html(kept) if result.source == "html" else None,
        cuts=cuts,
        source=result.source,
        fallback=result.fallback,
        unread=_is_unread(result, body),
        folded_pictures=result.pictures,
        folded=cuts.folded,
        blocks=result.blocks,
        markers=markers_in(sheet.lines),
    )


def _is_unread(result: _Result, body: Body) -> bool:
    """Tell whether words of theirs may stand beyond the limit: not where history runs into it."""
    if not (result.unread or body.truncated):
        return False
    rules = zip(result.sheet.lines, result.sheet.rules, strict=True)
    last = next((rule for line, rule in reversed(list(rules)) if not line.blank), None)
    return last not in _TO_THE_END and not (result.source == "html" and last is Rule.STRUCTURE)


def _cut_map(sheet: Sheet, beyond: str) -> CutMap:
    """Keep of every line what became of it, and no more: a line knows a lot by now."""
    written, blank = Rule.WRITTEN, Rule.BLANK
    decided = zip(sheet.lines, sheet.rules, strict=True)
    texts = [line.shown for line in sheet.lines]
    rules = [rule or (written if line.bare else blank) for line, rule in decided]
    if not beyond:
        return CutMap(texts, rules, sheet.reasons)
    reasons = [*sheet.reasons, "beyond the limit"]
    return CutMap([*texts, beyond], [*rules, Rule.LIMIT], reasons)


def _confidence(result: _Result, body: Body) -> float:
    """Say how sure the evidence makes us, from 0 to 1."""
    doubtful = result.fallback is not Fallback.NONE or result.history.inline
    if doubtful or result.beyond or body.truncated:
        return 0.4
    if result.match is not None:
        return 0.99 if result.match.whole else 0.9
    if result.history.marked:
        return 0.95
    if result.history.openings:
        return 0.9
    if result.history.quotes:
        return 0.8
    written = [line.shown for line in result.sheet.lines]
    return 0.45 if result.source == "text" and disagrees(written) else 0.75
