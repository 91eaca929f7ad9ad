"""The log of changes: what happened in a conversation, by number, without a gap.

A number is taken under the conversation's row lock and its row is written in the same
transaction, so whoever sees number n finds every number below it, too.
"""

from collections.abc import Collection

from sqlalchemy import bindparam, func, insert, tuple_
from sqlalchemy import select as core_select
from sqlmodel import Session, select

from core.model.change import Change
from core.model.conversation import Conversation
from core.model.webhook import WebhookStream
from core.store.engine.dialect import flushed, table_of
from core.store.engine.joined_lookup import Write
from core.store.engine.lookup import Lookup
from core.store.engine.prepared import Prepared
from core.store.rows import row_of

_L, _C = table_of(Change), table_of(Conversation)
_ADD = Prepared(insert(_L))
_OF_CONVERSATION = (_L.c.app_id == bindparam("a")) & (_L.c.conversation_id == bindparam("c"))
# What webhooks tell is often the largest part of a row, and no other reader wants it.
_AFTER = Lookup(
    Change,
    _OF_CONVERSATION,
    _L.c.number > bindparam("n"),
    order_by=(_L.c.number,),
    limit=bindparam("most"),
    without=("data",),
)


def adding(change: Change) -> Write:
    """Return what writes a change down."""
    return Write(_ADD, row_of(change))


def append(session: Session, change: Change) -> None:
    """Write a change down."""
    _ADD.run(session, row_of(change))


def after(
    session: Session, app_id: str, conversation_id: str, number: int, most: int
) -> list[Change]:
    """Return the changes after a number, in order, so many at most; for looking only."""
    given = {"a": app_id, "c": conversation_id, "n": number, "most": most}
    return _AFTER.all(session, given)


def newest(session: Session, where: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return the newest number of each conversation (app, conversation) that is there."""
    statement = core_select(_C.c.app_id, _C.c.id, _C.c.change).where(
        tuple_(_C.c.app_id, _C.c.id).in_(list(where))
    )
    return {(app, name): number for app, name, number in flushed(session).execute(statement)}


def last_number(session: Session, app_id: str, conversation_id: str) -> int:
    """Return the highest number ever used under a conversation's id as far as is known, or 0.

    Also of one that is gone: the log outlives it, and the cursors of webhooks outlive the log.
    """
    logged = select(func.max(Change.number)).where(
        Change.app_id == app_id, Change.conversation_id == conversation_id
    )
    told = select(func.max(WebhookStream.next_number)).where(
        WebhookStream.app_id == app_id, WebhookStream.conversation_id == conversation_id
    )
    return max(session.exec(logged).one() or 0, (session.exec(told).one() or 1) - 1)
