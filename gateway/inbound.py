"""One mail from offer to verdict: the page to read first on the way in.

    admit    RCPT   token genuine? somebody there? may they write?
    receive  DATA   safe to read? what form has it? a machine's? may they write? whose is it?
                    what did they write? then carry_out, in one transaction: receipt, message,
                    what is owed

Nothing is decided twice in two ways: what RCPT asked, the transaction asks again, because a
participant may have left in between. Whatever is answered 250 is on disk before it is said. An
exception from here is a surprise, and the handler answers it 451.
"""

from collections.abc import Sequence
from functools import partial

from core.actions import inbox
from core.address import Purpose, Token
from core.model.member import Correspondent
from core.rules import admission
from core.store import attachments
from core.store.traces import Trace
from core.verdict import Accept, Defer, Discard, Hold, Reader, Reason, Reject, Verdict, read_by
from gateway import recipients
from gateway.authentication.check import check
from gateway.authentication.policy import Decision, Ruling
from gateway.authentication.results import Authentication, Result
from gateway.context import Reception
from gateway.isolation.offload import aside, pack
from gateway.mail import guard, machine
from gateway.mail.content.form import Form
from gateway.mail.content.forms import form_of
from gateway.mail.content.reaction import unwanted_reaction
from gateway.mail.envelope import Envelope
from gateway.mail.offer import Offer
from gateway.mail.parse import Mail, parse
from gateway.mailboxes import commit, postmaster
from gateway.mailboxes.bounce import look, reported
from gateway.mailboxes.commit import Arrival
from gateway.mailboxes.reply import carry_out, taken_before
from gateway.mailboxes.unsubscribe import opted_out
from gateway.quote.bench import sent_from
from gateway.reading import has_pictures, read

_PICTURES = 200
# Refusals for which it is worth asking who wrote: they can do on the web what failed by mail.
_MENDED_THERE = frozenset(
    {Reason.NO_ACCESS, Reason.ENCRYPTED, Reason.RICH_TEXT, Reason.MALFORMED, Reason.TOO_COMPLEX}
)


async def admit(recipient: str, at: Reception) -> Verdict:
    """Answer RCPT: whether the address is ours, alive, and its owner may write."""
    if postmaster.is_for_operator(recipient, at.domains):
        return Accept(Reason.KEPT_FOR_OPERATOR)
    token = recipients.token_of(recipient, at.domains, at.keys)
    if isinstance(token, Reject):
        return token
    if token.purpose is Purpose.REPLY:
        found = await at.database.glance(partial(recipients.find, token=token))
        refusal = recipients.barred(token, found.named)
        if refusal is not None:
            return refusal
        at.lately.note(token, found, at.clock.now())
    return Accept(Reason.POSTED)


async def receive(envelope: Envelope, recipient: str, raw: bytes, at: Reception) -> Verdict:
    """Answer DATA for one recipient."""
    offer = Offer(envelope, recipient, raw, at.clock.now(), at.raw_days)
    poison = at.ward is not None and at.ward.is_poison(offer.content_digest)
    if postmaster.is_for_operator(recipient, at.domains):
        return await _for_operator(offer, at, unread=poison)
    token = recipients.token_of(recipient, at.domains, at.keys)
    if isinstance(token, Reject):
        return token
    await pack(offer, at)
    if poison:
        return await at.database.write(partial(commit.quarantined, offer=offer, token=token))
    match token.purpose:
        case Purpose.BOUNCE:
            found = await aside(offer, at, partial(look, offer))
            return await at.database.write(partial(reported, offer=offer, token=token, found=found))
        case Purpose.OPT_OUT:
            return await at.database.write(partial(opted_out, offer=offer, token=token))
        case _:
            return await _reply(offer, token, at)


async def _for_operator(offer: Offer, at: Reception, *, unread: bool) -> Verdict:
    """Answer a mail to postmaster or abuse."""
    if not await at.database.glance(partial(postmaster.has_room, offer=offer)):
        return Defer(Reason.OPERATOR_BUSY)
    await pack(offer, at)
    mail = None if unread else await aside(offer, at, partial(postmaster.look, offer))
    onward = postmaster.Onward(at.operator, at.mail_domain) if at.operator else None
    keeping = partial(postmaster.keep, offer=offer, mail=mail, onward=onward)
    verdict = await at.database.write(keeping)
    at.nudge()
    return verdict


async def _reply(offer: Offer, token: Token, at: Reception) -> Verdict:
    """Answer a mail to a reply address."""
    form = await aside(offer, at, partial(_form, offer.raw))
    found = at.lately.take(token, offer.now)
    if found is None:
        found = await at.database.glance(partial(recipients.find, token=token))
    named = found.named
    refusal = admission.address_alive(token, named)
    if named is None or refusal is not None:
        return Reject(refusal or Reason.UNKNOWN_ADDRESS)
    if form is None:
        return Reject(Reason.TOO_COMPLEX, reader=Reader(named.locale))
    verdict, proven = await _judged(offer, form, named, found.sent, at)
    if not isinstance(verdict, Reject):
        return verdict
    before = await taken_before(offer, form.mail, named, at)
    if before is not None:
        return before
    if proven is None and verdict.reason in _MENDED_THERE:
        proven = _proves(*await check(offer.raw, form.mail, offer.envelope, named, at.senders))
    link = await at.database.glance(partial(inbox.link_for, named=named)) if proven else None
    return read_by(verdict, Reader(named.locale, link))


async def _judged(
    offer: Offer, form: Form, named: Correspondent, sent: Sequence[Trace], at: Reception
) -> tuple[Verdict, bool | None]:
    """Answer a mail whose address is alive, and whether it is proven whose, if that was asked."""
    judged = form.verdict or _of_machine(form.mail, offer.envelope)
    if isinstance(judged, Discard):
        keeping = partial(commit.discarded, offer=offer, named=named, mail=form.mail)
        return await at.database.write(partial(keeping, verdict=judged)), None
    if (refused := _refused(judged, named)) is not None:
        return refused, None
    ruling, proof = await check(offer.raw, form.mail, offer.envelope, named, at.senders)
    if ruling.decision is Decision.DEFER:
        return Defer(ruling.reason or Reason.SENDER_UNCHECKED), False
    doubt = judged if isinstance(judged, Hold) else _doubt(ruling, form.mail)
    seen = await _pictures(form.mail, named, at)
    digests = [sent_from(one.said) for one in sent]
    said = await aside(offer, at, partial(read, form.mail, digests, at.limits, seen))
    answer = await carry_out(Arrival(offer, named, said, sent, proof), doubt, at)
    return answer, _proves(ruling, proof)


def _proves(ruling: Ruling, proof: Authentication) -> bool:
    """Tell whether a mail is shown to be its owner's: their address alone does not show it."""
    passed = Result.PASS in (proof.dmarc, proof.arc)
    return ruling.decision is Decision.POST and passed


def _form(raw: bytes) -> Form | None:
    """Return the form of a mail, or None if it is not safe to read."""
    return None if guard.inspect(raw) is not None else form_of(parse(raw))


def _of_machine(mail: Mail, envelope: Envelope) -> Discard | Hold | Reject | None:
    """Return what becomes of a mail that a machine wrote, None if a person did."""
    by_machine = machine.judge(mail, envelope)
    return by_machine.verdict() if by_machine else None


def _refused(judged: Verdict | None, named: Correspondent) -> Reject | None:
    """Return the refusal of a mail whose form is not taken, or whose owner may not write."""
    if isinstance(judged, Reject):
        return judged
    refusal = admission.may_write(named)
    return Reject(refusal) if refusal is not None else None


def _doubt(ruling: Ruling, mail: Mail) -> Hold | None:
    """Return why a mail is held that may not be its owner's, or not their words."""
    if ruling.decision is Decision.POST:
        return Hold(Reason.REACTION_NOTICE) if unwanted_reaction(mail) else None
    return Hold(ruling.reason or Reason.SENDER_MISMATCH)


async def _pictures(mail: Mail, named: Correspondent, at: Reception) -> frozenset[str]:
    """Return the pictures the conversation has already, if this mail brings any."""
    if not has_pictures(mail):
        return frozenset()
    where = (named.app_id, named.conversation_id)
    return await at.database.read(lambda s: attachments.digests(s, *where, _PICTURES))
