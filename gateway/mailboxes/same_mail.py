"""Was a copy of this mail taken before? A list, a forwarder, a server that codes it anew.

Copies are known by what our address, the Message-ID and the body are, white space left out, or by
the words that were read (``gateway/mail/offer``). Which of them stands is asked of ``precedence``:
the copy that comes first may be the worse one, or somebody's who wants the other swallowed. A list
breaks signatures and signs as itself, so its copy is held; the one that comes straight, and proves
itself, takes its place, and its question is moot.
"""

from collections.abc import Sequence

from core.actions import hold
from core.model.held import AuthorProof, HeldReply, HeldState
from core.model.member import Correspondent
from core.model.receipt import Receipt
from core.moment import Moment
from core.store import held, receipts
from core.store.database import Session
from core.store.receipts import Copy, CopyKeys
from core.verdict import Accept, Reason
from gateway.mail.head import Head
from gateway.mail.offer import judged_key, words_key
from gateway.mailboxes.precedence import Claim, Earlier, authors_of, is_doubted, stands
from gateway.mailboxes.receipt import proof_in
from gateway.reading import Reading

ANOTHER_COPY = "The same mail came by another way, and that copy was taken."


def keys_of(dedupe_key: str, named: Correspondent, head: Head, said: Sequence[bytes]) -> CopyKeys:
    """Return by what copies of a mail are known. ``said``: a Reading's."""
    whose = (named.conversation_id, named.user_id)
    return CopyKeys(dedupe_key, *(words_key(whose, head, one) for one in said[:2]))


def claim_of(keys: CopyKeys, head: Head, proof: AuthorProof) -> Claim:
    """Return whose a mail says it is, what shows it, and by which words it is known."""
    words = frozenset(one for one in (keys.words_key, keys.also) if one is not None)
    return Claim(authors_of(head.named_authors), proof, words)


def take(session: Session, receipt: Receipt, also: str | None, claim: Claim) -> Accept | None:
    """Keep a mail; or return the answer to one of which a copy stands, and nothing is changed.

    ``also``: a Received's, as everywhere here.
    """
    before = copies(session, receipt, also) if also is not None else []
    if not before and receipts.record(session, receipt):
        return None
    before = before or copies(session, receipt, also)
    if standing(before, receipt.verdict, claim) is not None:
        return answer(before)
    if receipt.verdict == "hold" and any(one.verdict == "hold" for one in before):
        return _wait_beside(session, receipt, claim)
    if not _make_way(session, receipt, before, receipt.message_id, receipt.received_at):
        return answer(before)
    if before:
        receipt.evidence = (receipt.evidence or {}) | {"instead_of": [one.id for one in before]}
    if receipts.record(session, receipt):
        return None
    return answer(copies(session, receipt, also))  # a third one was quicker


def copies(session: Session, receipt: Receipt, also: str | None) -> list[Earlier]:
    """Return the copies that came before."""
    keys = CopyKeys(receipt.dedupe_key, receipt.words_key, also)
    return look(session, receipt.app_id, keys)


def look(session: Session, app_id: str, keys: CopyKeys) -> list[Earlier]:
    """Return the copies of a mail that came before, and whose they said they were."""
    found = receipts.copies(session, app_id, keys)
    claimed = held.claimed(session, app_id, [one.id for one in found]) if found else {}
    return [_earlier(one, *claimed.get(one.id, ("", None))) for one in found]


def _earlier(copy: Copy, sender: str, proof: str | None) -> Earlier:
    shown = AuthorProof(proof) if proof is not None else proof_in(copy.evidence)
    words = frozenset([copy.words_key] if copy.words_key is not None else [])
    claim = Claim(authors_of(sender), shown, words)
    return Earlier(copy.id, copy.verdict, copy.reason, copy.message_id, claim)


def standing(before: Sequence[Earlier], verdict: str, claim: Claim) -> Earlier | None:
    """Return a copy that answers for this one, None if none does. ``verdict``: this one's name."""
    return next((one for one in before if stands(one, verdict, claim)), None)


def answer(before: Sequence[Earlier]) -> Accept:
    """Return the answer to a mail of which these are copies."""
    return Accept(Reason.DUPLICATE, before[0].id if before else None)


def take_place(
    session: Session,
    receipt: Receipt,
    named: Correspondent,
    reading: Reading,
    message_id: str | None,
    now: Moment,
) -> Earlier | None:
    """Let a mail that was kept back be posted; or return the copy that was taken, which it notes.

    It is known by its words as of today, too: since it came, more may have been learnt.
    """
    keys = keys_of(receipt.dedupe_key, named, reading.head, reading.said)
    others = [one for one in look(session, receipt.app_id, keys) if one.id != receipt.id]
    taken = _accepted(others)
    doubted = [one for one in others if is_doubted(one)]
    if taken is None and not _make_way(session, receipt, doubted, message_id, now):
        # One of them was posted between the look and the lock.
        taken = _accepted(look(session, receipt.app_id, keys))
    if taken is not None:
        receipts.repeats(session, receipt.app_id, receipt.id, _why(taken.id))
        return taken
    if doubted == others:
        receipts.know_by_words(session, receipt.app_id, receipt.id, keys.words_key)
    return None


def _accepted(found: Sequence[Earlier]) -> Earlier | None:
    return next((one for one in found if one.verdict == "accept"), None)


def _wait_beside(session: Session, receipt: Receipt, claim: Claim) -> Accept | None:
    """Keep a held copy though another is held: under a key of its own, by which it is one."""
    whose = (*sorted(claim.authors), "shown" if claim.is_shown else "")
    receipt.dedupe_key, receipt.words_key = judged_key(receipt.dedupe_key, *whose), None
    if receipts.record(session, receipt):
        return None
    return answer(copies(session, receipt, None))


def _make_way(
    session: Session,
    receipt: Receipt,
    before: Sequence[Earlier],
    message_id: str | None,
    now: Moment,
) -> bool:
    """Let copies give way to a receipt; False if one of them was posted meanwhile."""
    whose = (receipt.app_id, receipt.conversation_id or "", receipt.user_id or "")
    waiting: list[HeldReply] = []
    for copy in before:  # locked before anything is written: who lets one go does it in this order
        one = held.lock_of_receipt(session, whose, copy.id)
        if one is not None and one.state is HeldState.POSTED and copy.verdict != "accept":
            return False
        if one is not None and one.state is HeldState.WAITING:
            waiting.append(one)
    for one in waiting:
        hold.overtaken(session, one, message_id, now)
    for copy in before:
        if copy.verdict == "accept":  # other words, which stay posted as the message they became
            receipts.know_no_more(session, receipt.app_id, copy.id)
        else:
            receipts.repeats(session, receipt.app_id, copy.id, _why(receipt.id), receipt.dedupe_key)
    return True


def _why(receipt_id: str) -> str:
    return f"another copy of the same mail was taken: {receipt_id}"
