"""What is written of a mail that is answered 250: each of these at once, or not at all.

What RCPT asked is asked again here, because a participant may have left in between, and the same
mail offered twice changes nothing. The order of the tests in ``posted`` is the promise: a mail
that was taken before is a duplicate, whatever else it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from core.actions import hold, opt_out, react
from core.actions.say import Words, say, say_at_once
from core.address import Token
from core.files.keep import Kept
from core.ids import new_id
from core.model.day_budget import BudgetOf
from core.model.member import Correspondent
from core.model.message import Origin
from core.model.receipt import Receipt
from core.moment import Moment
from core.rules import loop_detector
from core.store import held as held_replies
from core.store import known_blocks, participants, receipts
from core.store.database import Session
from core.store.known_blocks import Lesson
from core.store.posting import AlsoWritten
from core.store.receipts import CopyKeys
from core.store.traces import Trace
from core.verdict import Accept, Discard, Hold, Reason, Reject, Verdict
from gateway.authentication.results import UNCHECKED, Authentication, Source
from gateway.mail.head import Head
from gateway.mail.offer import Offer, dedupe_key, judged_key
from gateway.mailboxes import same_mail
from gateway.mailboxes.lesson import is_proven, lessons, lessons_of_domain
from gateway.mailboxes.mail_budget import MailBudget, whose_of
from gateway.mailboxes.precedence import Claim
from gateway.mailboxes.receipt import receipt_of
from gateway.quote.extraction import Reply
from gateway.quote.known import Known
from gateway.reading import Reading

MOST_HELD = 100


@dataclass(frozen=True)
class Received:
    """A mail that was read: whose address it came to, what it says, what is known of its sender.

    ``budget``: what it may take of the day's. ``sent``: our latest mails to this person in this
    conversation. ``known``: how earlier mails of theirs ended; None where that is not remembered.
    """

    named: Correspondent
    reading: Reading
    budget: MailBudget
    sent: Sequence[Trace] = ()
    proof: Authentication = UNCHECKED
    known: Known | None = None

    @property
    def offer(self) -> Offer:
        """The mail as it was offered."""
        return self.budget.offer

    def take_room(self, session: Session, account: BudgetOf) -> None:
        """Take room for it in its address's day, or raise DaySpent."""
        self.budget.take(session, whose_of(self.named), account)

    @property
    def head(self) -> Head:
        """The mail's head."""
        return self.reading.head

    @cached_property
    def keys(self) -> CopyKeys:
        """By what other copies of it are known."""
        content = dedupe_key(self.offer, self.head)
        return same_mail.keys_of(content, self.named, self.head, self.reading.said)

    @property
    def claim(self) -> Claim:
        """Whose it says it is, and what shows that."""
        return same_mail.claim_of(self.keys, self.head, self.proof.author_proof)


def words_of(reading: Reading, named: Correspondent, files: Sequence[Kept], now: Moment) -> Words:
    """Return what a mail says as its author's message, marked if that is in doubt."""
    threshold = named.email_confidence_threshold
    confidence = round(1000 * reading.reply.confidence)
    return Words(
        message_id=new_id("msg", now),
        app_id=named.app_id,
        conversation_id=named.conversation_id,
        sender_id=named.user_id,
        text=reading.text or None,
        origin=Origin.EMAIL,
        files=files,
        email_confidence=confidence if threshold is not None and confidence < threshold else None,
    )


def posted(session: Session, received: Received, words: Words, mail_domain: str) -> Verdict:
    """Keep the mail and post the message, or hold it if two machines talk to each other.

    Raise DaySpent if the day has no room for it.
    """
    now = received.offer.now
    remembered = _remembered(received)
    loop = _loop(session, received, remembered)
    receipt = _posting(received, loop or _accept(words), remembered)
    if isinstance(loop, Discard) and not received.budget.trim(session, receipt):
        return loop
    repeated = same_mail.take(session, receipt, received.keys.also, received.claim)
    if repeated is not None:
        return repeated
    if isinstance(loop, Discard):
        return loop
    received.take_room(session, BudgetOf.DOUBTED if loop else BudgetOf.WORDS)
    if loop is not None:
        _hold(session, received, receipt, loop, mail_domain)
        return loop
    message = say(session, words, now)
    known_blocks.keep(session, _taught(received))
    return Accept(Reason.POSTED, receipt.id, message.id)


def posted_at_once(session: Session, received: Received, words: Words) -> Verdict | None:
    """Post an ordinary mail by one statement; None, and nothing is written, if it is not one."""
    now, remembered = received.offer.now, _remembered(received)
    if _loop(session, received, remembered) is not None:
        return None
    receipt = _posting(received, _accept(words), remembered)
    charge = received.budget.charge(whose_of(received.named), BudgetOf.WORDS)
    more = AlsoWritten(_taught(received), charge)
    said = say_at_once(session, words, receipt, now, more, received.keys.also)
    return None if said is None else Accept(Reason.POSTED, receipt.id, said)


def held(session: Session, received: Received, why: Hold, mail_domain: str) -> Verdict:
    """Keep the mail, unposted, and ask the address's owner whose it is.

    So many may wait at one address: whoever has got hold of it cannot fill the list up, and who
    means well hears that their mail was not taken. Raise DaySpent if the day has no room.
    """
    receipt = _receipt(received, why, _evidence(received))
    if held_replies.count_waiting(session, received.named) >= MOST_HELD:
        before = same_mail.copies(session, receipt, received.keys.also)
        full = Reject(why.reason, "too many wait already")
        stands = same_mail.standing(before, receipt.verdict, received.claim)
        return same_mail.answer(before) if stands else full
    repeated = same_mail.take(session, receipt, received.keys.also, received.claim)
    if repeated is not None:
        return repeated
    _hold(session, received, receipt, why, mail_domain)
    received.take_room(session, BudgetOf.DOUBTED)
    return why


def muted(session: Session, received: Received) -> Verdict:
    """Do what a bare "stop" asks for: no more mail about this conversation."""
    named, verdict = received.named, Accept(Reason.OPTED_OUT)
    receipt = _receipt(received, verdict)
    if received.budget.trim(session, receipt):
        repeated = same_mail.take(session, receipt, received.keys.also, received.claim)
        if repeated is not None:
            return repeated
    who = (named.app_id, named.user_id)
    opt_out.opt_out(session, who, named.conversation_id, "reply", received.offer.now)
    return verdict


def reacted(session: Session, received: Received, doubt: Hold | None) -> Verdict:
    """React as the mail says; one that stands on nothing, or is in doubt, is kept and no more.

    It is never posted as text, and not worth a question, so it is not held either.
    """
    asked = _receipt(received, Accept(Reason.REACTED), _evidence(received))
    before = same_mail.copies(session, asked, received.keys.also)
    wanted = "accept" if doubt is None else "discard"
    if same_mail.standing(before, wanted, received.claim) is not None:
        return same_mail.answer(before)
    emoji, parent = received.reading.reaction or "", received.head.in_reply_to
    now = received.offer.now
    verdict: Accept | Discard = Accept(Reason.REACTED, asked.id)
    if doubt is not None:
        verdict = Discard(doubt.reason, emoji)
    elif not react.reacted(session, received.named, parent, emoji, now):
        verdict = Discard(Reason.REACTION_UNPLACED, emoji)
    asked.verdict, asked.reason = type(verdict).__name__.lower(), verdict.reason.value
    asked.detail = emoji
    if isinstance(verdict, Discard) and not received.budget.trim(session, asked):
        return verdict
    repeated = same_mail.take(session, asked, received.keys.also, received.claim)
    if repeated is None and isinstance(verdict, Accept):
        received.take_room(session, BudgetOf.WORDS)
    return repeated or verdict


def quarantined(session: Session, offer: Offer, token: Token) -> Verdict:
    """Keep a mail that the process has died of, unread."""
    verdict = Hold(Reason.QUARANTINED)
    named = participants.named_by(session, token.app_number, token.reference)
    receipts.record(session, receipt_of(offer, named, None, verdict))
    return verdict


def discarded(session: Session, received: Received, verdict: Discard) -> Verdict:
    """Keep a mail that is not posted, and why.

    Anybody may have sent a person's body under a machine's headers, so it answers for no copy
    that is not discarded.
    """
    receipt = receipt_of(received.offer, received.named, received.head, verdict)
    if receipts.known(session, receipt.app_id, receipt.dedupe_key) is None:
        receipt.dedupe_key = judged_key(receipt.dedupe_key, receipt.verdict)
        received.budget.record(session, receipt)
    return verdict


def _taught(received: Received) -> list[Lesson]:
    """Return what a mail that is posted teaches of how its author's mails end."""
    named, known, blocks = received.named, received.known, received.reading.reply.blocks
    if not blocks:
        return []  # most mails
    taught = lessons(named, known, blocks, received.offer.now)
    if is_proven(named, received.head, received.proof):
        taught += lessons_of_domain(named, received.head.author, known, blocks, received.offer.now)
    return taught


def _accept(words: Words) -> Accept:
    return Accept(Reason.POSTED, message_id=words.message_id)


def _posting(
    received: Received, verdict: Verdict, remembered: loop_detector.Fingerprint
) -> Receipt:
    """Return the receipt of a mail that is posted, unless the loop detector is against it."""
    said = {loop_detector.EVIDENCE: loop_detector.as_evidence(remembered)}
    return _receipt(received, verdict, _evidence(received) | said)


def _receipt(
    received: Received, verdict: Verdict, evidence: dict[str, Any] | None = None
) -> Receipt:
    given = (received.offer, received.named, received.head, verdict)
    return receipt_of(*given, evidence, received.keys.words_key)


def _hold(
    session: Session, received: Received, receipt: Receipt, why: Hold, mail_domain: str
) -> None:
    reading, authors = received.reading, received.head.named_authors
    proof = received.proof.author_proof
    doubt = hold.Doubt(authors, why.reason, reading.text, reading.files, proof)
    hold.hold(session, receipt, received.named, doubt, mail_domain, received.offer.now)


def _remembered(received: Received) -> loop_detector.Fingerprint:
    """Return what the loop detector is to remember of this mail."""
    now, parent = received.offer.now, received.head.in_reply_to
    times = [(one.message_id, one.sent_at) for one in received.sent]
    took = loop_detector.took(now, [parent] if parent else [], times)
    heard = max((at for _, at in times), default=None)
    return loop_detector.fingerprint(now, received.reading.text, took, heard)


def _loop(
    session: Session, received: Received, new: loop_detector.Fingerprint
) -> Hold | Discard | None:
    """Ask the loop detector. Whom we never wrote to is in no loop with us."""
    if new.heard is None:
        return None
    before = receipts.latest(session, received.named, loop_detector.LATEST)
    known = (loop_detector.remembered(one.received_at, one.counts_as, one.said) for one in before)
    return loop_detector.judge(new, [one for one in known if one is not None])


def _evidence(received: Received) -> dict[str, Any]:
    """Return what the receipt keeps of how the mail was read."""
    read = _read(received.reading.reply)
    left_out = received.reading.gathered.left_out
    if left_out:
        read["left_out"] = [[one.filename, one.why.value] for one in left_out]
    if received.proof.source is not Source.NONE:
        read["sender"] = received.proof.evidence()
    return read


def _read(reply: Reply) -> dict[str, Any]:
    return {
        "kind": reply.kind.value,
        "confidence": round(reply.confidence, 3),
        "fallback": reply.fallback.value,
        "folded": sorted(map(str, reply.folded)),
    }
