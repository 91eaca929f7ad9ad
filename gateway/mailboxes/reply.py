"""What becomes of a mail to a reply address: posted, a reaction, peace and quiet, or held.

``disposition`` decides, from what the mail says alone; ``carry_out`` does it, in one transaction,
and ``commit`` tells what is written in it. What needs the network comes before: files are put in
their place first, and about those it is asked first whether they lie there already.
"""

from functools import partial

from core.errors import InvalidRequest
from core.files.keep import keep
from core.model.day_budget import Spent
from core.store.receipts import CopyKeys
from core.verdict import Accept, Hold, Reason, Reject, Verdict
from gateway.context import Context
from gateway.mailboxes import commit, disposition, same_mail
from gateway.mailboxes.commit import Received, words_of
from gateway.mailboxes.mail_budget import DaySpent, put_off, whose_of
from gateway.mailboxes.precedence import Earlier


async def carry_out(received: Received, doubt: Hold | None, at: Context) -> Verdict:
    """Do what a mail asks for, or hold it if it may not be its owner's."""
    verdict = disposition.of_reply(received.reading, doubt)
    try:
        done = await _done(verdict, received, doubt, at)
    except InvalidRequest:  # left or lost the right to write since RCPT
        return Reject(Reason.NO_ACCESS)
    except DaySpent as full:
        return await put_off(at.database, whose_of(received.named), full.account, Spent(full.day))
    received.budget.log()
    if not isinstance(verdict, Reject):
        at.nudge()
    return done


async def _done(verdict: Verdict, received: Received, doubt: Hold | None, at: Context) -> Verdict:
    match verdict:
        case Accept(Reason.REACTED):
            waits = disposition.waits_for(received.reading, doubt)
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
    before = await _copies(received, received.keys, at) if parts else []
    if same_mail.standing(before, "accept", received.claim) is not None:
        return same_mail.answer(before)
    if parts:
        received.budget.expect(named)
    kept = await keep(parts, at.files) if parts else ()
    words = words_of(received.reading, named, kept, offer.now)
    if not at.database.embedded:
        posting = partial(commit.posted_at_once, received=received, words=words)
        verdict = await at.database.write_at_once(posting)
        if verdict is not None:
            return verdict
    return await at.database.write(
        partial(commit.posted, received=received, words=words, mail_domain=at.mail_domain)
    )


async def taken_before(received: Received, at: Context) -> Accept | None:
    """Return the answer to a mail that was taken before, None to a new one.

    One of which only a doubted copy was taken, or another's, is refused all the same: its sender
    should hear it.
    """
    keys, claim = received.keys, received.claim
    before = await _copies(received, CopyKeys(keys.dedupe_key), at)
    if same_mail.standing(before, "hold", claim) is None:
        before = await _copies(received, keys, at)
        before = before if same_mail.standing(before, "accept", claim) is not None else []
    return same_mail.answer(before) if before else None


async def _copies(received: Received, keys: CopyKeys, at: Context) -> list[Earlier]:
    app_id = received.named.app_id
    return await at.database.glance(lambda s: same_mail.look(s, app_id, keys))
