"""Traces: what our latest mails to somebody said, by which their quote is known."""

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, or_, select
from sqlmodel import Session

from core.model.delivery import Delivery
from core.moment import Moment
from core.store.engine.dialect import table_of
from core.store.engine.prepared import Prepared

_D = table_of(Delivery)


class Trace(NamedTuple):
    """What a mail of ours said, under which Message-ID, and when."""

    said: dict[str, Any]
    message_id: str
    sent_at: Moment


def latest(app: Any, conversation: Any, user: Any) -> Select[Any]:
    """Return the statement that reads the ``most`` last traces, newest first.

    Its columns are a Trace's, and last ``created_at``, by which they are ordered.
    """
    sent_at = func.coalesce(_D.c.ended_at, _D.c.created_at).label("sent_at")
    return (
        select(_D.c.trace, _D.c.message_id, sent_at, _D.c.created_at)
        .where(
            _D.c.app_id == app,
            _D.c.conversation_id == conversation,
            _D.c.user_id == user,
            _D.c.held_id.is_(None),
            _D.c.trace.is_not(None),
        )
        .order_by(_D.c.created_at.desc())
        .limit(bindparam("most"))
    )


_WHOSE: tuple[Any, Any, Any] = (bindparam("a"), bindparam("c"), bindparam("u"))
_LATEST = Prepared(latest(*_WHOSE))
_BEFORE = Prepared(latest(*_WHOSE).where(_D.c.created_at <= bindparam("before")))


def of_participant(
    session: Session, app_id: str, conversation_id: str, user_id: str, most: int
) -> list[Trace]:
    """Return what this user was last sent about this conversation, newest first."""
    given = {"a": app_id, "c": conversation_id, "u": user_id, "most": most}
    return [Trace(*row[:-1]) for row in _LATEST.rows(session, given)]


def named(
    session: Session, whose: tuple[str, str, str], names: Collection[str], most: int
) -> list[Trace]:
    """Return what a user (app, conversation, user) was sent under Message-IDs or markers.

    Newest first. It walks their deliveries there, so it is asked for what is not among the latest.
    """
    given = dict(zip("acu", whose, strict=True)) | {"most": most}
    marker = _D.c.trace["marker"].as_string()
    under = latest(*_WHOSE).where(or_(_D.c.message_id.in_(names), marker.in_(names)))
    return [Trace(*row[:-1]) for row in session.connection().execute(under, given)]


def known_at(
    session: Session, whose: tuple[str, str, str], before: Moment, most: int
) -> list[Trace]:
    """Return what a user (app, conversation, user) had last been sent by then, newest first."""
    given = dict(zip("acu", whose, strict=True)) | {"before": before, "most": most}
    return [Trace(*row[:-1]) for row in _BEFORE.rows(session, given)]
