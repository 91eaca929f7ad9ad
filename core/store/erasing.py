"""What there is of a person: found by the conversations they were ever in, and emptied.

A participant's row outlives leaving, so all that a user said or was sent is in a conversation
where they have one; by the conversation it is found through an index.

What a conversation's end leaves has no such way to it: mails, what was decided, receipts, and the
log of changes, which may name a person in what is told of others. They have no index by user, which
each message would pay for, and are gone through in the order of their keys.
"""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import String, cast, delete, exists, or_, tuple_, update
from sqlalchemy import select as core_select
from sqlmodel import Session, SQLModel, col, select

from core.model.attachment import Attachment
from core.model.change import Change
from core.model.conversation import Conversation
from core.model.day_budget import DayBudget
from core.model.delivery import Attempt, Delivery
from core.model.held import HeldReply
from core.model.message import Message
from core.model.notification import Notification
from core.model.opt_out import OptOut
from core.model.participant import Participant
from core.model.pending import Pending
from core.model.reaction import Reaction
from core.model.receipt import Receipt
from core.model.webhook import WebhookStream
from core.moment import Moment
from core.store import suppressions
from core.store.engine.dialect import flushed, table_of

OUTLIVING = (Delivery, Notification, Receipt)  # the end of their conversation
Place = tuple[str, int]  # a conversation and a number: where one is in an app's log

_D, _T, _M = table_of(Delivery), table_of(Attempt), table_of(Message)
_P, _L, _R = table_of(Participant), table_of(Change), table_of(Reaction)
_C = table_of(Conversation)
_THEIRS = (
    table_of(Pending),
    table_of(Notification),
    _D,
    table_of(Receipt),
    table_of(HeldReply),
    table_of(DayBudget),
)


def leave_all(session: Session, app_id: str, user_id: str, now: Moment) -> list[str]:
    """Take a user out of every conversation, revoke their addresses, and return which those are."""
    theirs = (_P.c.app_id == app_id) & (_P.c.user_id == user_id)
    left = update(_P).where(theirs).values(left_at=now, address_epoch=_P.c.address_epoch + 1)
    found = flushed(session).execute(left.returning(_P.c.conversation_id))
    return sorted(str(name) for (name,) in found)


def empty_messages(
    session: Session, whose: tuple[str, str, str], after: int, limit: int, now: Moment
) -> int | None:
    """Empty and delete so many messages of (app, conversation, user) after a number.

    Return the last number, None if there were none left. Their files are nobody's then.
    """
    app_id, conversation_id, user_id = whose
    statement = select(Message.seq, Message.id).where(
        Message.app_id == app_id,
        Message.conversation_id == conversation_id,
        Message.seq > after,
        Message.sender_id == user_id,
    )
    found = session.exec(statement.order_by(col(Message.seq)).limit(limit)).all()
    if not found:
        return None
    ids = [message_id for _, message_id in found]
    flushed(session).execute(
        update(_M)
        .where(_M.c.app_id == app_id, _M.c.id.in_(ids))
        .values(
            text=None, content=None, location=None, mentions=None, custom={},
            idempotency_key=None, deleted_at=now,
        )
    )  # fmt: skip
    files = table_of(Attachment)
    flushed(session).execute(
        delete(files).where(files.c.app_id == app_id, files.c.message_id.in_(ids))
    )
    return int(found[-1][0])


def drop_correspondence(session: Session, app_id: str, conversation_id: str, user_id: str) -> None:
    """Forget what a user was owed, sent and asked in a conversation, and what they wrote to it.

    What others were sent may hold their words: of that it only stays that there was a mail.
    """
    connection = flushed(session)
    sent = (
        (_D.c.app_id == app_id)
        & (_D.c.conversation_id == conversation_id)
        & (_D.c.user_id == user_id)
    )
    _forget_addresses(session, (app_id, user_id), sent)
    ids = select(_D.c.id).where(sent)
    connection.execute(delete(_T).where(_T.c.app_id == app_id, _T.c.delivery_id.in_(ids)))
    for table in _THEIRS:
        connection.execute(
            delete(table).where(
                table.c.app_id == app_id,
                table.c.conversation_id == conversation_id,
                table.c.user_id == user_id,
            )
        )
    connection.execute(
        update(_D)
        .where(
            _D.c.app_id == app_id, _D.c.conversation_id == conversation_id, _D.c.trace.is_not(None)
        )
        .values(trace=None)
    )


def _forget_addresses(session: Session, whose: tuple[str, str], sent: Any) -> None:
    """Forget what is known of the addresses that some mails went to: not all may be theirs now."""
    addresses = flushed(session).scalars(core_select(_D.c.address).where(sent).distinct())
    suppressions.drop_of_addresses(session, whose, addresses.all())


def drop_outliving(
    session: Session, whose: tuple[str, str], noun: type[SQLModel], after: str, most: int
) -> str | None:
    """Forget what (app, user) was sent or sent, among so many rows of a kind after an id.

    Return the last id, None if there were fewer. Of what others were sent in a conversation that
    is gone, it only stays that there was a mail: nobody knows any more whose words it holds.
    """
    (app_id, user_id), table, connection = whose, table_of(noun), flushed(session)
    rows = (table.c.app_id == app_id) & (table.c.id > after)
    last = connection.scalar(
        core_select(table.c.id).where(rows).order_by(table.c.id).offset(most - 1).limit(1)
    )
    if last is not None:
        rows &= table.c.id <= last
    theirs = rows & (table.c.user_id == user_id)
    if table is _D:
        _forget_addresses(session, whose, theirs)
        ids = core_select(_D.c.id).where(theirs)
        connection.execute(delete(_T).where(_T.c.app_id == app_id, _T.c.delivery_id.in_(ids)))
        there = exists().where(_C.c.app_id == _D.c.app_id, _C.c.id == _D.c.conversation_id)
        connection.execute(
            update(_D).where(rows, _D.c.trace.is_not(None), ~there).values(trace=None)
        )
    connection.execute(delete(table).where(theirs))
    return None if last is None else str(last)


def drop_place(session: Session, app_id: str, conversation_id: str, user_id: str) -> None:
    """Forget that a user was in a conversation, and their reactions to what was said there."""
    connection = flushed(session)
    said = select(_M.c.id).where(_M.c.app_id == app_id, _M.c.conversation_id == conversation_id)
    for table, here in (
        (_R, _R.c.message_id.in_(said)),
        (_P, _P.c.conversation_id == conversation_id),
    ):
        connection.execute(
            delete(table).where(table.c.app_id == app_id, table.c.user_id == user_id, here)
        )


def place_after(session: Session, app_id: str, after: Place, most: int) -> Place | None:
    """Return where in an app's log so many changes after a place end; None if there are fewer."""
    statement = core_select(_L.c.conversation_id, _L.c.number).where(
        _L.c.app_id == app_id, _place() > after
    )
    row = (
        flushed(session)
        .execute(statement.order_by(_L.c.conversation_id, _L.c.number).offset(most - 1).limit(1))
        .first()
    )
    return None if row is None else (row[0], row[1])


def _place() -> Any:
    return tuple_(_L.c.conversation_id, _L.c.number)


def changes_between(
    session: Session, whose: tuple[str, str], after: Place, last: Place | None
) -> list[Change]:
    """Return the changes in (app)'s log that may speak of (user), after a place up to another.

    They are held to the end of the transaction: two people may stand in one, and be erased at once.
    """
    app_id, user_id = whose
    # As one engine and the other spell a text in JSON. More is found than is meant; who asks knows.
    spelled = {json.dumps(user_id), json.dumps(user_id, ensure_ascii=False)}
    text = cast(_L.c.data, String)
    speaks = (text.contains(one, autoescape=True) for one in spelled)
    statement = select(Change).where(
        _L.c.app_id == app_id, _place() > after, or_(_L.c.user_id == user_id, *speaks)
    )
    if last is not None:
        statement = statement.where(_place() <= last)
    return list(session.exec(statement.with_for_update()))


def rewrite(
    session: Session, change: Change, user_id: str | None, data: dict[str, Any] | None
) -> None:
    """Let a change say of whom it is, and webhooks tell of it, no more than this.

    The row stays: whoever watches takes a number that is missing for something they missed.
    """
    change.user_id, change.data = user_id, data
    if data is None:
        change.event_id = None
    session.add(change)


def once_theirs(session: Session, app_id: str, log: str) -> set[str]:
    """Return the addresses that a user had, as far as the log of their own events tells."""
    statement = core_select(_L.c.data).where(_L.c.app_id == app_id, _L.c.conversation_id == log)
    told = (data for data in flushed(session).scalars(statement) if isinstance(data, dict))
    lists = ((one.get("user") or {}).get("email") for one in told)
    return {address for several in lists for address in several or ()}


def drop_traits(
    session: Session, app_id: str, user_id: str, log: str, addresses: Collection[str]
) -> None:
    """Forget what a user chose, what is known of their addresses, and the events about them."""
    connection = flushed(session)
    chosen, told = table_of(OptOut), table_of(WebhookStream)
    connection.execute(delete(chosen).where(chosen.c.app_id == app_id, chosen.c.user_id == user_id))
    suppressions.drop_of_person(session, app_id, user_id)
    suppressions.drop_of_addresses(session, (app_id, user_id), addresses)
    for table in (_L, told):
        connection.execute(
            delete(table).where(table.c.app_id == app_id, table.c.conversation_id == log)
        )
