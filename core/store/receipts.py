"""Receipts: the mails we answered 250."""

from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, or_, union_all, update
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from core.model.member import Correspondent
from core.model.message import Message
from core.model.receipt import Receipt
from core.moment import Moment
from core.store.engine.dialect import flushed, table_of
from core.store.engine.prepared import Prepared
from core.store.rows import row_of
from core.verdict import Reason

_TABLE = table_of(Receipt)
_RECORD = Prepared(lambda insert: insert(_TABLE).on_conflict_do_nothing())


def record(session: Session, receipt: Receipt) -> bool:
    """Keep a mail; False if the same one was kept before."""
    return _RECORD.run(session, row_of(receipt)) == 1


_REMEMBERED = (Reason.POSTED.value, Reason.BREAKER.value)
_LATEST = Prepared(
    core_select(_TABLE.c.received_at, _TABLE.c.reason, _TABLE.c.verdict, _TABLE.c.evidence)
    .where(
        _TABLE.c.app_id == bindparam("a"),
        _TABLE.c.conversation_id == bindparam("c"),
        _TABLE.c.user_id == bindparam("u"),
        or_(*(_TABLE.c.reason == one for one in _REMEMBERED)),
    )
    .order_by(_TABLE.c.received_at.desc())
    .limit(bindparam("most"))
)


class ReceiptSummary(NamedTuple):
    """What a receipt remembers of how its mail was read."""

    received_at: Moment
    reason: str
    verdict: str
    said: dict[str, Any] | None

    @property
    def counts_as(self) -> str:
        """The reason, while it stands: a held mail that was let go had a person behind it."""
        return Reason.POSTED.value if self.verdict == "accept" else self.reason


def latest(session: Session, named: Correspondent, limit: int) -> list[ReceiptSummary]:
    """Return what is remembered of a person's latest mails to a conversation, newest first."""
    given = {
        "a": named.app_id,
        "c": named.conversation_id,
        "u": named.user_id,
        "most": limit,
    }
    return [ReceiptSummary(*row) for row in _LATEST.rows(session, given)]


def find(session: Session, app_id: str, receipt_id: str) -> Receipt | None:
    """Return a receipt."""
    return session.get(Receipt, (app_id, receipt_id))


def known(session: Session, app_id: str, dedupe_key: str) -> Receipt | None:
    """Return the receipt of the same mail, offered before."""
    statement = select(Receipt).where(Receipt.app_id == app_id, Receipt.dedupe_key == dedupe_key)
    return session.exec(statement).one_or_none()


class Copy(NamedTuple):
    """The receipt of a mail's copy that came before: how it was judged, which message it became."""

    id: str
    verdict: str
    reason: str
    message_id: str | None
    words_key: str | None
    evidence: dict[str, Any] | None


class CopyKeys(NamedTuple):
    """By what the copies of one mail are found: body, words as read, words as once read."""

    dedupe_key: str
    words_key: str | None = None
    also: str | None = None


def _copies(column: Any, name: str) -> Any:
    """Return what finds a copy by one key: each has its own index, so none is found by another."""
    told = [_TABLE.c[one] for one in Copy._fields]
    return core_select(*told).where(_TABLE.c.app_id == bindparam("a"), column == bindparam(name))


_COPIES = Prepared(
    union_all(
        _copies(_TABLE.c.dedupe_key, "k"),
        _copies(_TABLE.c.words_key, "w"),
        _copies(_TABLE.c.words_key, "also"),
    )
)


def copies(session: Session, app_id: str, keys: CopyKeys) -> list[Copy]:
    """Return the copies of a mail that came before, each once."""
    given = {"a": app_id, "k": keys.dedupe_key, "w": keys.words_key, "also": keys.also}
    found = (Copy(*row) for row in _COPIES.rows(session, given))
    return list({one.id: one for one in found}.values())


def repeats(
    session: Session, app_id: str, receipt_id: str, why: str, freed: str | None = None
) -> None:
    """Note that a mail that had been kept back is one of which another copy was taken.

    ``freed``: the dedupe key that the other copy is to be known by, if this one has it; neither
    is it known by its words any more then.
    """
    changed: dict[str, Any] = {"verdict": "accept", "reason": Reason.DUPLICATE.value, "detail": why}
    if freed is not None:
        own = case((_TABLE.c.dedupe_key == freed, _TABLE.c.id), else_=_TABLE.c.dedupe_key)
        changed |= {"dedupe_key": own, "words_key": None}
    whose = (_TABLE.c.app_id == app_id) & (_TABLE.c.id == receipt_id)
    flushed(session).execute(update(_TABLE).where(whose).values(changed))


def know_no_more(session: Session, app_id: str, receipt_id: str) -> None:
    """Let a mail be known by nothing but itself: another with other words has its Message-ID."""
    whose = (_TABLE.c.app_id == app_id) & (_TABLE.c.id == receipt_id)
    alone = {"dedupe_key": receipt_id, "words_key": None}
    flushed(session).execute(update(_TABLE).where(whose).values(alone))


def know_by_words(session: Session, app_id: str, receipt_id: str, words_key: str | None) -> None:
    """Let a mail that was kept back be known by these words from now on; no other may be."""
    whose = (_TABLE.c.app_id == app_id) & (_TABLE.c.id == receipt_id)
    flushed(session).execute(update(_TABLE).where(whose).values(words_key=words_key))


def of_message(session: Session, message: Message) -> Receipt | None:
    """Return the receipt of the mail that a message came by, None if it did not come by mail."""
    statement = select(Receipt).where(
        Receipt.app_id == message.app_id,
        Receipt.conversation_id == message.conversation_id,
        Receipt.user_id == message.sender_id,
        Receipt.message_id == message.id,
    )
    return session.exec(statement.order_by(col(Receipt.received_at).desc()).limit(1)).first()


def became(session: Session, app_id: str, receipt_id: str, message_id: str, detail: str) -> None:
    """Note which message a mail that had been held became."""
    one = find(session, app_id, receipt_id)
    if one is not None:
        one.verdict, one.message_id, one.detail = "accept", message_id, detail
        session.add(one)


def listed(session: Session, app_id: str | None, limit: int) -> list[Receipt]:
    """Return the newest receipts."""
    statement = select(Receipt).order_by(col(Receipt.received_at).desc()).limit(limit)
    if app_id is not None:
        statement = statement.where(Receipt.app_id == app_id)
    return list(session.exec(statement))
