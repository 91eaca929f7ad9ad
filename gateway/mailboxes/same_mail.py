"""Was this mail taken before, be it by another way; and does the copy that was taken stand?

Two keys tell (``mail.offer``): the same octets, or the same words under one Message-ID. The copy
that was taken stands for all that come after it, whatever would be said of them.

The trap: the copy that comes first may be the worse one. A list breaks signatures and signs as
itself, so its copy is held; the one that comes straight, and proves itself, must not be swallowed
by it. What is doubted there is the copy's way and not the mail, so it gives way, and its question
is moot. So does one that was held or discarded for a header or an envelope that the straight copy
has not. A machine's subject or a loop tells of the mail itself and is true of every copy.
"""

from collections.abc import Sequence

from core.actions import hold
from core.model.held import HeldReply, HeldState
from core.model.member import Correspondent
from core.model.receipt import Receipt
from core.moment import Moment
from core.store import held, receipts
from core.store.database import Session
from core.store.receipts import Copy, CopyKeys
from core.verdict import Accept, Reason
from gateway.mail.head import Head
from gateway.mail.offer import words_key
from gateway.reading import Reading

ANOTHER_COPY = "The same mail came by another way, and that copy was taken."

_OF_ITS_WAY = frozenset(
    {
        Reason.SENDER_MISMATCH.value,
        Reason.SENDER_UNPROVEN.value,
        Reason.MAILING_LIST.value,
        # Forwarders and lists put such headers, or take the sender off the envelope.
        Reason.AUTO_SUBMITTED.value,
        Reason.AUTO_REPLY_HEADER.value,
        Reason.NULL_REVERSE_PATH.value,
    }
)


def keys_of(dedupe_key: str, named: Correspondent, head: Head, said: Sequence[bytes]) -> CopyKeys:
    """Return by what copies of a mail are known. ``said``: a Reading's."""
    whose = (named.conversation_id, named.user_id)
    return CopyKeys(dedupe_key, *(words_key(whose, head, one) for one in said[:2]))


def take(
    session: Session, receipt: Receipt, also: str | None, *, proven: bool = False
) -> Accept | None:
    """Keep a mail; or return the answer to one of which a copy stands, and nothing is changed.

    ``proven``: nothing is held against this copy, so one that was doubted gives way to it.
    """
    before = copies(session, receipt, also) if also is not None else []
    if not before and receipts.record(session, receipt):
        return None
    before = before or copies(session, receipt, also)
    if not proven or standing(before) is not None:
        return answer(before)
    if not _make_way(session, receipt, before, receipt.message_id, receipt.received_at):
        return answer(before)
    if before:
        receipt.evidence = (receipt.evidence or {}) | {"instead_of": [one.id for one in before]}
    if receipts.record(session, receipt):
        return None
    return answer(copies(session, receipt, also))  # a third one was quicker


def copies(session: Session, receipt: Receipt, also: str | None) -> list[Copy]:
    """Return the copies that came before. ``also``: a Received's, as everywhere here."""
    keys = CopyKeys(receipt.dedupe_key, receipt.words_key, also)
    return receipts.copies(session, receipt.app_id, keys)


def standing(before: Sequence[Copy]) -> Copy | None:
    """Return a copy that gives way to none, None if all would to one that is proven."""
    return next((one for one in before if not _is_doubted(one)), None)


def answer(before: Sequence[Copy]) -> Accept:
    """Return the answer to a mail of which these are copies."""
    return Accept(Reason.DUPLICATE, before[0].id if before else None)


def take_place(
    session: Session,
    receipt: Receipt,
    named: Correspondent,
    reading: Reading,
    message_id: str | None,
    now: Moment,
) -> Copy | None:
    """Let a mail that was kept back be posted; or return the copy that was taken, which it notes.

    It is known by its words as of today, too: since it came, more may have been learnt.
    """
    keys = keys_of(receipt.dedupe_key, named, reading.head, reading.said)
    found = receipts.copies(session, receipt.app_id, keys)
    others = [one for one in found if one.id != receipt.id]
    taken = _accepted(others)
    doubted = [one for one in others if _is_doubted(one)]
    if taken is None and not _make_way(session, receipt, doubted, message_id, now):
        # One of them was posted between the look and the lock.
        taken = _accepted(receipts.copies(session, receipt.app_id, keys))
    if taken is not None:
        receipts.repeats(session, receipt.app_id, receipt.id, _why(taken.id))
        return taken
    if doubted == others:
        receipts.know_by_words(session, receipt.app_id, receipt.id, keys.words_key)
    return None


def _accepted(found: Sequence[Copy]) -> Copy | None:
    return next((one for one in found if one.verdict == "accept"), None)


def _is_doubted(copy: Copy) -> bool:
    return copy.verdict in ("hold", "discard") and copy.reason in _OF_ITS_WAY


def _make_way(
    session: Session,
    receipt: Receipt,
    before: Sequence[Copy],
    message_id: str | None,
    now: Moment,
) -> bool:
    """Let copies give way to a receipt; False if one of them was posted meanwhile."""
    whose = (receipt.app_id, receipt.conversation_id or "", receipt.user_id or "")
    waiting: list[HeldReply] = []
    for copy in before:  # locked before anything is written: who lets one go does it in this order
        one = held.lock_of_receipt(session, whose, copy.id)
        if one is not None and one.state is HeldState.POSTED:
            return False
        if one is not None and one.state is HeldState.WAITING:
            waiting.append(one)
    for one in waiting:
        hold.overtaken(session, one, message_id, now)
    for copy in before:
        receipts.repeats(session, receipt.app_id, copy.id, _why(receipt.id), receipt.dedupe_key)
    return True


def _why(receipt_id: str) -> str:
    return f"another copy of the same mail was taken: {receipt_id}"
