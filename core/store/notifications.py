"""Notifications: what was decided, and why."""

from typing import Any

from sqlalchemy import Integer, bindparam, func, insert, or_
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from core.model.notification import Notification
from core.moment import Moment
from core.store.engine.dialect import table_of
from core.store.engine.prepared import Prepared
from core.store.rows import row_of

_N = table_of(Notification)
_ADD = Prepared(insert(_N))
_DECIDED = Prepared(
    core_select(_N.c.user_id, func.max(_N.c.last_seq))
    .where(
        _N.c.app_id == bindparam("a"),
        _N.c.conversation_id == bindparam("c"),
        _N.c.user_id > bindparam("u"),
        _N.c.user_id <= bindparam("last"),
        _N.c.last_seq >= bindparam("seq"),
        # A reminder that was not made is no reason to tell nobody of it later.
        or_(_N.c.sent, _N.c.reminder.is_(None)),
    )
    .group_by(_N.c.user_id)
)

_MADE_FOR = Prepared(
    core_select(_N.c.decided_at)
    .where(_N.c.app_id == bindparam("a"), _N.c.user_id == bindparam("u"), _N.c.sent)
    .where(_N.c.decided_at <= bindparam("now"))
    .order_by(_N.c.decided_at.desc())
    .limit(bindparam("most", type_=Integer))
)
_UNSEEN = Prepared(
    core_select(_N.c.decided_at)
    .where(
        _N.c.app_id == bindparam("a"),
        _N.c.conversation_id == bindparam("c"),
        _N.c.user_id == bindparam("u"),
        _N.c.sent,
        _N.c.last_seq > bindparam("seq"),
        _N.c.decided_at > bindparam("at"),
        _N.c.decided_at <= bindparam("now"),
    )
    .order_by(_N.c.decided_at.desc())
    .limit(bindparam("most", type_=Integer))
)


def add(session: Session, notification: Notification) -> None:
    """Keep a decision."""
    _ADD.run(session, row_of(notification))


def decided_from(
    session: Session, where: tuple[str, str], seq: int, between: tuple[str, str]
) -> dict[str, int]:
    """Return up to which number it was decided, from a number on, by user.

    Of the users of (app, conversation) after one id, up to another.
    """
    given = {"a": where[0], "c": where[1], "seq": seq, "u": between[0], "last": between[1]}
    return {user_id: int(last) for user_id, last in _DECIDED.rows(session, given)}


def of_recipient(
    session: Session, app_id: str, conversation_id: str, user_id: str, limit: int = 50
) -> list[Notification]:
    """Return the decisions about one user in one conversation, newest first."""
    statement = (
        select(Notification)
        .where(
            Notification.app_id == app_id,
            Notification.conversation_id == conversation_id,
            Notification.user_id == user_id,
        )
        .order_by(col(Notification.decided_at).desc(), col(Notification.id).desc())
        .limit(limit)
    )
    return list(session.exec(statement))


def about(
    session: Session, whose: tuple[str, str, str], seq: int, limit: int = 50
) -> list[Notification]:
    """Return the decisions about a message of (app, conversation, user), by its number.

    Newest first: there is one of ours, and one for each reminder the app asked for.
    """
    app_id, conversation_id, user_id = whose
    statement = select(Notification).where(
        Notification.app_id == app_id,
        Notification.conversation_id == conversation_id,
        Notification.user_id == user_id,
        Notification.first_seq <= seq,
        Notification.last_seq >= seq,
    )
    newest = (col(Notification.decided_at).desc(), col(Notification.id).desc())
    return list(session.exec(statement.order_by(*newest).limit(limit)))


def made_for(session: Session, who: tuple[str, str], now: Moment, most: int) -> tuple[Moment, ...]:
    """Return when digests were made for (app, user) up to now, newest first, so many at most."""
    given = {"a": who[0], "u": who[1], "now": now, "most": most}
    return tuple(int(at) for (at,) in _MADE_FOR.rows(session, given))


def unseen(
    session: Session,
    whose: tuple[str, str, str],
    since: tuple[int, Moment],
    now: Moment,
    most: int,
) -> tuple[Moment, ...]:
    """Return when digests were made for (app, conversation, user) up to now, newest first.

    ``most``: so many at most. ``since``: those that go beyond a message's number, and were made
    after a moment.
    """
    given: dict[str, Any] = dict(zip(("a", "c", "u"), whose, strict=True))
    given |= {"seq": since[0], "at": since[1], "now": now, "most": most}
    return tuple(int(at) for (at,) in _UNSEEN.rows(session, given))


def find(session: Session, app_id: str, notification_id: str) -> Notification | None:
    """Return a decision."""
    return session.get(Notification, (app_id, notification_id))
