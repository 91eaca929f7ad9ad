"""Read a kept mail again, as it would be read today; post one that was set aside unread.

What is set aside (``isolation.crash_log``) was never looked at: not for its sender, not for what
it says. The operator looks, and by posting it answers for it. A reply that waits for its owner's
word is no matter of this page: that is ``held.release``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.actions.say import say
from core.address import Purpose
from core.errors import InvalidRequest, NotFound
from core.files.keep import keep
from core.model.member import Correspondent
from core.model.receipt import Receipt
from core.store import for_operator, participants, receipts, traces
from core.store.database import Session
from core.store.traces import Trace
from core.verdict import InsteadOfWords, Reason
from gateway.context import Context
from gateway.isolation.child_reader import read_in_child
from gateway.isolation.second_reading import read_beside_sent
from gateway.mail.envelope import Envelope
from gateway.mailboxes import same_mail
from gateway.mailboxes.commit import words_of
from gateway.mailboxes.receipt import octets_of
from gateway.quote.sent import sent_from
from gateway.reading import LATEST_DIGESTS, Ask, Depth, Reading, known_of


@dataclass(frozen=True, slots=True)
class _Kept:
    receipt: Receipt
    named: Correspondent | None
    sent: Sequence[Trace]


async def replay(app_id: str, receipt_id: str, at: Context) -> tuple[Reading, Receipt]:
    """Return what a kept mail says, read in a child, and its receipt.

    Raise NotFound if there is none or its octets are gone, InvalidRequest if it cannot be read,
    TooBusy if too many others are.
    """
    async with at.children.one():
        kept = await at.database.read(lambda s: _load(s, app_id, receipt_id))
        return await _read(kept, at), kept.receipt


def came_as_reply(receipt: Receipt) -> bool:
    """Tell whether a mail came to a reply address, and not to one for reports or opt-outs."""
    return receipt.recipient.lower().startswith(Purpose.REPLY.value)


async def post(app_id: str, receipt_id: str, by: str, at: Context) -> str:
    """Post a mail that was set aside unread, once; return its message's id.

    Raise as ``replay`` does, and InvalidRequest if it was not set aside, says nothing, or another
    copy of it was posted, and NotAllowed if its author may not write.
    """
    async with at.children.one():
        kept = await at.database.read(lambda s: _load(s, app_id, receipt_id))
        named = _author(kept)
        reading = await _read(kept, at)
    if reading.too_much or reading.is_nothing:
        seen = reading.instead or InsteadOfWords.NOTHING
        why = reading.too_much or f"it says nothing ({seen})"
        raise InvalidRequest(f"This mail cannot be posted: {why}.", code="NOTHING_TO_SAY")
    now = at.clock.now()
    words = words_of(reading, named, await keep(reading.files, at.files), now)

    def work(session: Session) -> str | None:
        _check(for_operator.locked(session, app_id, receipt_id))
        made = (named, reading, words.message_id, now)
        if same_mail.take_place(session, kept.receipt, *made) is not None:
            return None
        message = say(session, words, now)
        receipts.became(session, app_id, receipt_id, message.id, f"posted by {by}")
        return message.id

    message_id = await at.database.write(work)
    if message_id is None:
        raise InvalidRequest(same_mail.ANOTHER_COPY, code="ALREADY_POSTED")
    at.nudge()
    return message_id


async def _read(kept: _Kept, at: Context) -> Reading:
    receipt = kept.receipt
    known = known_of(kept.named, at.keys) if kept.named and at.remembers else None
    locale = kept.named.locale if kept.named else ""
    asked = Ask(Depth.WHOLE, limits=at.limits, known=known, locale=locale)
    envelope = Envelope(receipt.reverse_path, (), peer=receipt.peer)

    async def read(sent: Sequence[Trace]) -> Reading:
        ask = replace(asked, sent=[sent_from(one.said) for one in sent])
        return await read_in_child(octets_of(receipt), envelope, ask)

    reading, _ = await read_beside_sent(read, kept.sent, kept.named, at.database)
    return reading


def _author(kept: _Kept) -> Correspondent:
    """Return as whom it is posted. Raise InvalidRequest if it is not to be."""
    _check(kept.receipt)
    if not came_as_reply(kept.receipt) or kept.named is None:
        raise InvalidRequest("This mail came to nobody's reply address.", code="NO_REPLY")
    return kept.named


def _check(receipt: Receipt | None) -> None:
    """Raise InvalidRequest unless a mail waits unread."""
    if receipt is None or (receipt.verdict, receipt.reason) != ("hold", Reason.QUARANTINED):
        raise InvalidRequest(
            "Only a mail that was set aside unread can be posted so, and only once.",
            code="NOT_QUARANTINED",
        )


def _load(session: Session, app_id: str, receipt_id: str) -> _Kept:
    receipt = receipts.find(session, app_id, receipt_id)
    if receipt is None:
        raise NotFound(f"There is no receipt {receipt_id!r}.", code="RECEIPT_NOT_FOUND")
    if receipt.conversation_id is None or receipt.user_id is None:
        return _Kept(receipt, None, [])
    whose = (app_id, receipt.conversation_id, receipt.user_id)
    named = participants.correspondent(session, *whose)
    return _Kept(receipt, named, traces.of_participant(session, *whose, LATEST_DIGESTS))
