"""One mail from offer to verdict: the page to read first on the way in.

    admit    RCPT   token genuine? somebody there? may they write? is there room today?
    receive  DATA   whose mailbox? then, for a reply: alive? what does it say (``reading``)? a
                    machine's? may they write? whose is it? Then ``mailboxes``, in one
                    transaction: receipt, message, what is owed

Nothing is decided twice in two ways: what RCPT asked, the transaction asks again, because a
participant may have left in between. Whatever is answered 250 is on disk before it is said. An
exception from here is a surprise, and the handler answers it 451.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from core.actions import inbox_link
from core.address import Purpose, Token
from core.model.day_budget import BudgetOf
from core.model.member import Correspondent
from core.rules import admission
from core.store import attachments
from core.store.traces import Trace
from core.verdict import Accept, Defer, Discard, Hold, Reader, Reason, Reject, Verdict, read_by
from gateway import recipients
from gateway.authentication.check import check
from gateway.authentication.coverage import hangs_on_answered
from gateway.authentication.policy import Decision, Ruling
from gateway.authentication.results import Authentication, Result
from gateway.context import Context
from gateway.isolation.second_reading import read_beside_sent
from gateway.mail.envelope import Envelope
from gateway.mail.offer import Offer
from gateway.mailboxes import bounce, commit, disposition, postmaster, unsubscribe
from gateway.mailboxes.commit import Received
from gateway.mailboxes.mail_budget import MailBudget, put_off, whose_of
from gateway.mailboxes.reply import carry_out, taken_before
from gateway.quote.known import Known
from gateway.quote.sent import Sent, sent_from
from gateway.reading import Ask, Reading, known_of
from gateway.recipients import Recipient

_PICTURES = 200
# Refusals for which it is worth asking who wrote: they can do on the web what failed by mail. A
# mail without words is none of them: it is found to be one only when it is known who wrote.
_MENDED_THERE = frozenset(
    {Reason.NO_ACCESS, Reason.ENCRYPTED, Reason.RICH_TEXT, Reason.MALFORMED, Reason.TOO_COMPLEX}
)


async def admit(recipient: str, at: Context) -> Verdict:
    """Answer RCPT: whether the address is ours, alive, its owner may write, and has room today.

    A report and an opt-out are heard however many came.
    """
    if postmaster.is_for_operator(recipient, at.domains):
        return await postmaster.refused(at) or Accept(Reason.KEPT_FOR_OPERATOR)
    token = recipients.token_of(recipient, at.domains, at.keys)
    if isinstance(token, Reject):
        return token
    if token.purpose is Purpose.REPLY:
        found = await _look_up(token, at)
        refusal = recipients.barred(token, found.named) or await _full(found.named, at)
        if refusal is not None:
            return refusal
        at.recent.note(recipient, found, at.clock.now())
    return Accept(Reason.POSTED)


async def receive(envelope: Envelope, recipient: str, raw: bytes, at: Context) -> Verdict:
    """Answer DATA for one recipient."""
    offer = Offer(envelope, recipient, raw, at.clock.now(), at.raw_days)
    poison = at.readers.is_poison(offer)
    known = at.recent.take(recipient, offer.now)  # RCPT asked a moment ago
    if known is None and postmaster.is_for_operator(recipient, at.domains):
        return await postmaster.receive(offer, at, poison=poison)
    token = known.token if known else recipients.token_of(recipient, at.domains, at.keys)
    if isinstance(token, Reject):
        return token
    await at.readers.prepare(offer)
    if poison:  # a poison message: the process has died of it, so nobody reads it again
        return await at.database.write(partial(commit.quarantined, offer=offer, token=token))
    match token.purpose:
        case Purpose.BOUNCE:
            return await bounce.receive(offer, token, at)
        case Purpose.OPT_OUT:
            return await unsubscribe.receive(offer, token, at)
        case _:
            return await _reply(offer, known or await _look_up(token, at), at)


async def _look_up(token: Token, at: Context) -> Recipient:
    return await at.database.glance(partial(recipients.find, token=token))


async def _full(named: Correspondent | None, at: Context) -> Defer | None:
    """Return why a person may write no more here today, None while they may."""
    if named is None or not at.day_limits.words.is_spent(named.spent, at.clock.now()):
        return None
    return await put_off(at.database, whose_of(named), BudgetOf.WORDS, named.spent)


async def _reply(offer: Offer, found: Recipient, at: Context) -> Verdict:
    """Answer a mail to a reply address."""
    named = found.named
    refusal = admission.address_alive(found.token, named)
    if named is None or refusal is not None:
        return Reject(refusal or Reason.UNKNOWN_ADDRESS)
    full = await _full(named, at)
    if full is not None:
        return full
    known = known_of(named, at.keys) if at.remembers else None
    reading, sent = await _read(offer, found, named, known, at)
    if reading.unsafe:
        return read_by(disposition.of_reply(reading), Reader(named.locale))
    budget = MailBudget(offer, at.day_limits)
    received = Received(named, reading, budget, sent, known=known)
    verdict, proven = await _judged(received, at)
    if not isinstance(verdict, Reject):
        return verdict
    before = await taken_before(received, at)
    if before is not None:
        return before
    if proven is None and verdict.reason in _MENDED_THERE:
        proven = _proves(*await check(offer, reading.head, named, at.senders, at.domains))
    link = await at.database.glance(partial(inbox_link.link_for, named=named)) if proven else None
    return read_by(verdict, Reader(named.locale, link))


async def _read(
    offer: Offer, found: Recipient, named: Correspondent, known: Known | None, at: Context
) -> tuple[Reading, Sequence[Trace]]:
    """Read a mail, knowing which pictures they have already and what we sent; return that, too."""
    seen: frozenset[str] = frozenset()
    if offer.may_bring_pictures:
        where = (named.app_id, named.conversation_id)
        seen = await at.database.read(lambda s: attachments.digests(s, *where, _PICTURES))
    asked = Ask(seen=seen, limits=at.limits, known=known, locale=named.locale)

    async def read(sent: Sequence[Trace]) -> Reading:
        return await at.readers.read(offer, replace(asked, sent=_said(sent)))

    return await read_beside_sent(read, found.sent, named, at.database)


def _said(sent: Sequence[Trace]) -> list[Sent]:
    return [sent_from(one.said) for one in sent]


async def _judged(received: Received, at: Context) -> tuple[Verdict, bool | None]:
    """Answer a mail whose address is alive, and whether it is proven whose, if that was asked."""
    offer, named, reading = received.budget.offer, received.named, received.reading
    if isinstance(reading.verdict, Discard):
        keeping = partial(commit.discarded, received=received, verdict=reading.verdict)
        discarded = await at.database.write(keeping)
        received.budget.log()
        return discarded, None
    if isinstance(reading.verdict, Reject):
        return reading.verdict, None
    refusal = admission.may_write(named)
    if refusal is not None:
        return Reject(refusal), None
    hangs = hangs_on_answered(reading, len(received.sent))
    ruling, proof = await check(
        offer, reading.head, named, at.senders, at.domains, by_answered=hangs
    )
    if ruling.decision is Decision.DEFER:
        return Defer(ruling.reason or Reason.SENDER_UNCHECKED), False
    proven = replace(received, proof=proof)
    return await carry_out(proven, _doubt(ruling), at), _proves(ruling, proof)


def _proves(ruling: Ruling, proof: Authentication) -> bool:
    """Tell whether a mail is shown to be its owner's: their address alone does not show it."""
    passed = Result.PASS in (proof.dmarc, proof.arc)
    return ruling.decision is Decision.POST and passed


def _doubt(ruling: Ruling) -> Hold | None:
    """Return why a mail is held that may not be its owner's."""
    if ruling.decision is Decision.POST:
        return None
    return Hold(ruling.reason or Reason.SENDER_MISMATCH)
