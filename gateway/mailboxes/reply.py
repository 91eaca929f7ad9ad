"""Do what a mail asks for that was read: post it, react, mute, or hold it until its owner answers.

Each is one transaction, and ``record`` tells what is written in it. What needs the network comes
before: files are put in their place first, and asked about first whether they lie there already.
"""

from functools import partial

from core.errors import InvalidRequest
from core.files.keep import keep
from core.model.member import Correspondent
from core.store import receipts
from core.verdict import Accept, Hold, Reason, Reject, Verdict
from gateway.context import Reception
from gateway.mail.content.reaction import reaction_of
from gateway.mail.offer import Offer, dedupe_key
from gateway.mail.parse import Mail
from gateway.mailboxes import commit
from gateway.mailboxes.commit import Arrival
from gateway.reading import words_of


async def carry_out(arrival: Arrival, doubt: Hold | None, at: Reception) -> Verdict:
    """Post what they wrote, do what it asks for, or hold it if it may not be theirs."""
    said, emoji = arrival.said, reaction_of(arrival.mail)
    if emoji is not None:
        reacting = partial(commit.reacted, arrival=arrival, emoji=emoji, doubt=doubt)
        verdict = await at.database.write(reacting)
        at.nudge()
        return verdict
    if said.too_much:
        return Reject(Reason.TOO_BIG, said.too_much)
    if said.is_nothing:
        return Reject(Reason.NOTHING_TO_SAY)
    try:
        if doubt is not None:
            keeping = partial(commit.held, arrival=arrival, why=doubt, mail_domain=at.mail_domain)
            verdict = await at.database.write(keeping)
        elif said.asks_to_stop and not said.gathered.files:
            verdict = await at.database.write(partial(commit.muted, arrival=arrival))
        else:
            verdict = await _post(arrival, at)
    except InvalidRequest:  # left or lost the right to write since RCPT
        return Reject(Reason.NO_ACCESS)
    at.nudge()
    return verdict


async def _post(arrival: Arrival, at: Reception) -> Verdict:
    """Post what they wrote: by one statement if there is nothing special, else step by step."""
    offer, named, parts = arrival.offer, arrival.named, arrival.said.gathered.files
    before = await taken_before(offer, arrival.mail, named, at) if parts else None
    if before is not None:
        return before
    words = words_of(arrival.said, named, await keep(parts, at.files), offer.now)
    if not at.database.embedded:
        posting = partial(commit.posted_at_once, arrival=arrival, words=words)
        verdict = await at.database.write_at_once(posting)
        if verdict is not None:
            return verdict
    return await at.database.write(
        partial(commit.posted, arrival=arrival, words=words, mail_domain=at.mail_domain)
    )


async def taken_before(
    offer: Offer, mail: Mail, named: Correspondent, at: Reception
) -> Accept | None:
    """Return the answer to a mail that was taken before, None to a new one."""
    key = dedupe_key(offer, mail)
    before = await at.database.glance(lambda s: receipts.known(s, named.app_id, key))
    return Accept(Reason.DUPLICATE, before.id) if before is not None else None
