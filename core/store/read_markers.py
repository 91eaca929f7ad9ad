"""What has been read, and which debts that clears."""

from collections.abc import Collection

from sqlalchemy import bindparam, func, or_, update
from sqlmodel import Session, col, select

from core.model.message import Message
from core.model.participant import Participant
from core.moment import Moment
from core.store import messages, pending
from core.store.engine.dialect import table_of
from core.store.engine.prepared import Prepared

CROWD = 300  # talkjs-spec, 1.4 and 3.3: of a larger conversation it is not told who read what

_P = table_of(Participant)
_READ = Prepared(
    update(_P)
    .where(
        _P.c.app_id == bindparam("a"),
        _P.c.conversation_id == bindparam("c"),
        _P.c.user_id == bindparam("u"),
        or_(_P.c.read_seq < bindparam("seq"), _P.c.read_until.is_(None)),
    )
    .values(read_seq=bindparam("seq"), read_until=bindparam("at"))
)


def read(session: Session, whose: tuple[str, str, str], seq: int, at: Moment) -> None:
    """Move a participant's read marker forward and clear or shrink what they are owed."""
    app_id, conversation_id, user_id = whose
    given = {"a": app_id, "c": conversation_id, "u": user_id, "seq": seq, "at": at}
    _READ.run(session, given)
    debt = pending.find(session, app_id, conversation_id, user_id)
    if debt is None or debt.first_seq > seq:
        return
    unread = messages.first_of_others(session, app_id, conversation_id, seq, user_id)
    if unread is not None:
        pending.shrink(session, debt, unread.seq, unread.created_at)
    else:
        pending.clear(session, app_id, conversation_id, user_id)


def newly_read(
    session: Session, whose: tuple[str, str, str], between: tuple[int, int], limit: int
) -> list[Message]:
    """Return the newest messages of others after one number, up to another; in order."""
    app_id, conversation_id, user_id = whose
    statement = select(Message).where(
        Message.app_id == app_id,
        Message.conversation_id == conversation_id,
        Message.seq > between[0],
        Message.seq <= between[1],
        col(Message.deleted_at).is_(None),
        col(Message.sender_id).is_distinct_from(user_id),
    )
    newest = session.exec(statement.order_by(col(Message.seq).desc()).limit(limit))
    return list(newest)[::-1]


def unread(session: Session, app_id: str, conversation_id: str, user_id: str) -> int:
    """Return how many messages of others a participant has not read."""
    participant = session.get(Participant, (app_id, conversation_id, user_id))
    if participant is None:
        return 0
    statement = select(func.count()).where(
        Message.app_id == app_id,
        Message.conversation_id == conversation_id,
        Message.seq > participant.read_seq,
        col(Message.deleted_at).is_(None),
        col(Message.sender_id).is_distinct_from(user_id),
    )
    return session.exec(statement).one()


def readers(
    session: Session, app_id: str, conversation_ids: Collection[str]
) -> dict[str, list[tuple[str, int]]]:
    """Return who has read up to which number, by conversation; nobody of those with a crowd."""
    statement = select(
        Participant.conversation_id, Participant.user_id, Participant.read_seq
    ).where(
        Participant.app_id == app_id,
        col(Participant.conversation_id).in_(conversation_ids),
        col(Participant.left_at).is_(None),
    )
    found: dict[str, list[tuple[str, int]]] = {name: [] for name in conversation_ids}
    for name, user_id, seq in session.exec(statement.order_by(col(Participant.user_id))):
        found[name].append((user_id, seq))
    return {name: [] if len(read) > CROWD else read for name, read in found.items()}
