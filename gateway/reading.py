"""Octets to what they say: the one way in which a mail is read, whoever asks.

    guard      is it safe to parse?                 no: nothing else is known of it
    parse      headers, bodies
    open       which form has it? signed envelopes, winmail.dat and armour are opened
    judge      a machine's, or a form that is not taken?
    words      what its author wrote just now, with the cut map; a reaction; which files came

Pure: octets, the envelope and what to look for go in, a small value comes out that any process can
hand to another. The gateway, a held reply that is let go, a replay, ``mail explain``, reports and
postmaster's mail all ask here, so that what is explained is what is posted.

The trap: a reading is what the mail says, never what becomes of it. Whose it is, whether they may
write, and whether it came before are asked elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from core.address import Keyring
from core.model.known_block import BlocksOf
from core.model.member import Correspondent
from core.rules import block_memory
from core.verdict import Discard, Hold, InsteadOfWords, Reject
from gateway.mail import guard, machine
from gateway.mail.attachments import DEFAULT, FileLimits, FilePart, Gathered, gather
from gateway.mail.content.form import Form
from gateway.mail.content.forms import form_of
from gateway.mail.content.pictures import Look
from gateway.mail.content.reaction import reaction_of, unwanted_reaction
from gateway.mail.envelope import Envelope
from gateway.mail.head import NO_HEAD, Head, head_of
from gateway.mail.invisible import without_invisible_ends
from gateway.mail.machine import origin
from gateway.mail.machine.evidence import gather as evidence_of
from gateway.mail.parse import Mail, parse
from gateway.mail.reports import read_report
from gateway.mail.reports.report import Report
from gateway.mail.token_scrub import scrub
from gateway.mail.words_digest import words_digest
from gateway.quote.cutmap import Rule
from gateway.quote.extract import extract
from gateway.quote.extraction import NOTHING, Reply, ReplyKind
from gateway.quote.known import Known
from gateway.quote.no_words import instead_of_words
from gateway.quote.sent import Sent
from gateway.quote.symbol_font import without_private_use
from gateway.quote.wanted import NOTHING_MORE, Wanted

LONGEST_TEXT = 50_000
LATEST_DIGESTS = 5  # of ours to one person: a mail is read beside them, since it may answer one
_OUR_MAIL = "<dlv_"  # how the Message-IDs of our digests begin: others' mails are not looked for
_MOST_NAMED = 8  # digests: nobody answers more at once


class Depth(Enum):
    """How far a mail is read: as far as the kind of its address asks for."""

    HEAD = auto()  # who wrote, about what; may it be passed on? (postmaster)
    REPORT = auto()  # and which delivery's fate it tells (bounces)
    WORDS = auto()  # its form, and, unless that or a machine ends it, words and files (replies)
    WHOLE = auto()  # words and files whatever it is: for whoever asks what it says


@dataclass(frozen=True, slots=True)
class Ask:
    """What a mail is read for.

    ``sent``: the digests it may be answering. ``seen``: the SHA-256 in hex of the pictures that
    the conversation has already. ``limits``: how many files are taken, of how many octets.
    ``known``: how earlier mails of this person ended; None where that is not remembered.
    ``wanted``: lines that are kept whatever the rules say of them. ``locale``: in which language
    its writer is written to, as ``pt-BR``, which tells of texts whose charset nobody declared.
    ``exactly``: the SHA-256 of the files that were taken before, where no picture but those is.
    """

    depth: Depth = Depth.WORDS
    sent: Sequence[Sent] = ()
    seen: frozenset[str] = frozenset()
    limits: FileLimits = DEFAULT
    known: Known | None = None
    wanted: Wanted = NOTHING_MORE
    locale: str = ""
    exactly: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a mail says, as far as it was read. ``unsafe`` says why it was not.

    ``form`` names how it is wrapped (``mail.content.forms``). ``verdict`` is what its form, or the
    first rule that tells a machine (``mail.machine``), makes of it; None for what a person wrote.
    ``text`` is the reply without what is secret in it. ``reaction``: the emoji, if it is one and
    nothing more; ``tells_of_reaction``: it only says in words that somebody reacted. ``stays``: why
    it must not be passed on to another mailbox, else empty. ``instead``: what there is in place of
    words and files, where it was read for them and there are none. ``said``: digests of its words
    and files (``mail.words_digest``), as they were read and, where what is remembered of its author
    folded something, as they were if a first copy of this mail has taught that. ``older``: the
    Message-IDs and markers of digests that it names as what it answers and that were not told.
    """

    unsafe: str = ""
    head: Head = NO_HEAD
    form: str = ""
    verdict: Discard | Hold | Reject | None = None
    reply: Reply = NOTHING
    text: str = ""
    gathered: Gathered = field(default=Gathered(), repr=False)
    reaction: str | None = None
    tells_of_reaction: bool = False
    report: Report | None = None
    stays: str = ""
    instead: InsteadOfWords | None = None
    said: tuple[bytes, ...] = ()
    older: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[FilePart, ...]:
        """The files that came with it."""
        return self.gathered.files

    @property
    def is_nothing(self) -> bool:
        """Whether there is neither a word nor a file."""
        return not self.text and not self.files

    @property
    def too_much(self) -> str:
        """Which limit it goes beyond, in words for the receipt; or nothing."""
        if len(self.text) > LONGEST_TEXT:
            return f"more than {LONGEST_TEXT} letters"
        if self.reply.unread:
            return "more lines than are read, and not all of them are quoted"
        return self.gathered.too_much

    @property
    def asks_to_stop(self) -> bool:
        """Whether it only says that no more mail is wanted."""
        return self.reply.kind is ReplyKind.OPT_OUT_WORD


WORDS = Ask()


def known_of(named: Correspondent, keys: Keyring) -> Known:
    """Return what is known of how this person's mails end: an Ask's ``known``."""
    secret, remembered = keys.keys[keys.current], named.remembered
    key = block_memory.key_of(secret, named.app_id, BlocksOf.PERSON, named.user_id)
    mailboxes = map(block_memory.undivided, named.addresses)
    place = block_memory.place_of(named.conversation_id, key)
    return Known(
        key=key,
        shared_key=block_memory.key_of(secret, named.app_id, BlocksOf.DOMAIN, remembered.domain),
        times=block_memory.of_person(remembered.person),
        here=block_memory.of_place(remembered.person, place),
        shared=block_memory.of_domain(remembered.shared),
        names=(named.name,) if named.name else (),
        marks={name: block_memory.mark_of(secret, named.app_id, name) for name in mailboxes},
        place=place,
    )


def read(raw: bytes, envelope: Envelope, ask: Ask = WORDS) -> Reading:
    """Read a mail. ``raw``: its octets, with CRLF. Never raises for a mail's fault."""
    problem = guard.inspect(raw)
    if problem is not None:
        return unread(problem.what)
    mail = parse(raw, ask.locale)
    match ask.depth:
        case Depth.HEAD:
            return Reading(head=head_of(mail), stays=_stays(mail, envelope))
        case Depth.REPORT:
            report = read_report(mail, envelope.reverse_path)
            verdict = None if report else _by_machine(mail, envelope)
            return Reading(head=head_of(mail), verdict=verdict, report=report)
        case Depth.WORDS | Depth.WHOLE:
            return _opened(form_of(mail), envelope, ask)


def unread(why: str) -> Reading:
    """Return the reading of a mail that was not read."""
    return Reading(unsafe=why, stays="unread")


def _opened(form: Form, envelope: Envelope, ask: Ask) -> Reading:
    """Read the mail that was signed or wrapped, under the headers of the one that came."""
    mail = form.mail
    verdict = form.verdict or _by_machine(mail, envelope)
    so_far = Reading(head=head_of(mail), form=form.name, verdict=verdict)
    # Machines write much, and long; what ends here is not worth a look at its words.
    if ask.depth is Depth.WORDS and isinstance(verdict, Discard | Reject):
        return so_far
    return _words(mail, ask, so_far)


def _words(mail: Mail, ask: Ask, so_far: Reading) -> Reading:
    """Add what was written and the files that came with it."""
    reply = extract(mail.body, *ask.sent, known=ask.known, wanted=ask.wanted)
    look = Look(folded=reply.folded_pictures, seen=ask.seen, exactly=ask.exactly)
    text, gathered = _clean(reply), gather(mail.message, ask.limits, look, mail.parts)
    texts = [text]
    if ask.known is not None and Rule.KNOWN in reply.folded:
        # The first copy of this very mail may have taught it: read as that was, before it did.
        texts.append(_clean(extract(mail.body, *ask.sent, known=ask.known.before(reply.blocks))))
    said = [words_digest(one, gathered) for one in dict.fromkeys(texts)]
    found = replace(
        so_far,
        reply=reply,
        text=text,
        gathered=gathered,
        reaction=reaction_of(mail),
        tells_of_reaction=unwanted_reaction(mail),
        said=tuple(one for one in said if one is not None),
        older=_untold(so_far.head, reply, ask.sent),
    )
    if not found.is_nothing:
        return found
    seen = instead_of_words(mail, found.form, reply, found.gathered.left_out)
    return replace(found, instead=seen)


def _untold(head: Head, reply: Reply, sent: Sequence[Sent]) -> tuple[str, ...]:
    """Return by what a mail names digests of ours, beside those that it was read with.

    Where it holds markers these tell, which are signed with its body.
    """
    answered = head.in_reply_to or head.references
    named = {answered} if answered.startswith(_OUR_MAIL) else set()
    told = {name for one in sent for name in (one.message_id, one.marker)}
    return tuple(sorted((reply.markers or named) - told)[:_MOST_NAMED])


def _clean(reply: Reply) -> str:
    """Return the words of a reply without what is secret in them, or not to be seen."""
    return scrub(without_invisible_ends(without_private_use(reply.text)))


def _by_machine(mail: Mail, envelope: Envelope) -> Discard | Hold | Reject | None:
    """Return what becomes of a mail that a machine wrote, None if a person did."""
    found = machine.judge(mail, envelope)
    return found.verdict() if found else None


def _stays(mail: Mail, envelope: Envelope) -> str:
    """Return why a mail must not be passed on: it may come round, or answer by itself."""
    evidence = evidence_of(mail, envelope)
    if origin.our_own(evidence) or origin.too_many_hops(evidence):
        return "loop"
    if not envelope.reverse_path or origin.auto_submitted(evidence):
        return "automatic"
    return ""
