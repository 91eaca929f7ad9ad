"""What becomes of a mail to a reply address: posted, a reaction, peace and quiet, or held.

``verdict_of`` decides, from what the mail says alone; ``carry_out`` does it, in one transaction,
and ``commit`` tells what is written in it. What needs the network comes before: files are put in
their place first, and about those it is asked first whether they lie there already.
"""

from functools import partial

from core.errors import InvalidRequest
from core.files.keep import keep
from core.model.member import Correspondent
from core.store import receipts
from core.verdict import Accept, Discard, Hold, Reason, Reject, Verdict
from gateway.context import Context
from gateway.mail.head import Head
from gateway.mail.offer import Offer, dedupe_key
from gateway.mailboxes import commit
from gateway.mailboxes.commit import Received, words_of
from gateway.reading import Reading


def verdict_of(reading: Reading, doubt: Hold | None = None) -> Accept | Hold | Reject | Discard:
    """Return how a mail is answered, going by what it says; its author is there and may write.

    ``doubt``: why it may not be its owner's. Pure; what was taken before is not known here.
    """
    if reading.unsafe:
        return Reject(Reason.TOO_COMPLEX, reading.unsafe)
    if isinstance(reading.verdict, Discard | Reject):
        return reading.verdict
    if reading.reaction is not None:
        return Accept(Reason.REACTED)
    refusal = _refusal(reading)
    return refusal or waits_for(reading, doubt) or Accept(_asked_for(reading))


def _refusal(reading: Reading) -> Reject | None:
    """Return why there is nothing that can be posted."""
    if reading.too_much:
        return Reject(Reason.TOO_BIG, reading.too_much)
    return Reject(Reason.NOTHING_TO_SAY) if reading.is_nothing else None


def _asked_for(reading: Reading) -> Reason:
    """Return what their words ask for: to be posted, or that no more mail comes."""
    stop = reading.asks_to_stop and not reading.files
    return Reason.OPTED_OUT if stop else Reason.POSTED


def waits_for(reading: Reading, doubt: Hold | None = None) -> Hold | None:
    """Return why a person must look before it is posted: a machine's, another's, or a notice."""
    if isinstance(reading.verdict, Hold):
        return reading.verdict
    return doubt or (Hold(Reason.REACTION_NOTICE) if reading.tells_of_reaction else None)


async def carry_out(received: Received, doubt: Hold | None, at: Context) -> Verdict:
    """Do what a mail asks for, or hold it if it may not be its owner's."""
    verdict = verdict_of(received.reading, doubt)
    try:
        done = await _done(verdict, received, doubt, at)
    except InvalidRequest:  # left or lost the right to write since RCPT
        return Reject(Reason.NO_ACCESS)
    if not isinstance(verdict, Reject):
        at.nudge()
    return done


async def _done(verdict: Verdict, received: Received, doubt: Hold | None, at: Context) -> Verdict:
    match verdict:
        case Accept(Reason.REACTED):
            waits = waits_for(received.reading, doubt)
            reacting = partial(commit.reacted, received=received, doubt=waits)
            return await at.database.write(reacting)
        case Accept(Reason.OPTED_OUT):
            return await at.database.write(partial(commit.muted, received=received))
        case Accept():
            return await _post(received, at)
        case Hold():
            keeping = partial(
                commit.held, received=received, why=verdict, mail_domain=at.mail_domain
            )
            return await at.database.write(keeping)
        case _:
            return verdict


async def _post(received: Received, at: Context) -> Verdict:
    """Post what they wrote: by one statement if there is nothing special, else step by step."""
    offer, named, parts = received.offer, received.named, received.reading.files
    # Files are written before the transaction: not a second time for a mail that came before.
    before = await taken_before(offer, received.head, named, at) if parts else None
    if before is not None:
        return before
    kept = await keep(parts, at.files) if parts else ()
    words = words_of(received.reading.text, named, kept, offer.now)
    if not at.database.embedded:
        posting = partial(commit.posted_at_once, received=received, words=words)
        verdict = await at.database.write_at_once(posting)
        if verdict is not None:
            return verdict
    return await at.database.write(
        partial(commit.posted, received=received, words=words, mail_domain=at.mail_domain)
    )


async def taken_before(
    offer: Offer, head: Head, named: Correspondent, at: Context
) -> Accept | None:
    """Return the answer to a mail that was taken before, None to a new one."""
    key = dedupe_key(offer, head)
    before = await at.database.glance(lambda s: receipts.known(s, named.app_id, key))
    return Accept(Reason.DUPLICATE, before.id) if before is not None else None
