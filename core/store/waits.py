"""What waits is looked at sooner: the pause it waited for began, or a rule of it has changed.

Nothing is decided here: whatever is looked at too early is put forward again by the rules. What a
worker has claimed is left to it, for it looks under the conversation's lock or afterwards.
"""

from typing import Any

from sqlalchemy import Integer, bindparam, func, select, type_coerce, update
from sqlmodel import Session

from core.model.delivery import Delivery, State
from core.model.fan_out import AT_ONCE
from core.model.participant import Participant
from core.model.pending import Pending
from core.model.role import DEFAULT_ROLE, Role
from core.model.user import User
from core.moment import SECOND, Millis, Moment
from core.store.engine.dialect import flushed, table_of
from core.store.engine.prepared import Prepared

_W, _D, _P = table_of(Pending), table_of(Delivery), table_of(Participant)
_U, _R = table_of(User), table_of(Role)
_NOW: Any = bindparam("now", type_=_W.c.due_at.type)
_ROLE_NAME: Any = func.coalesce(func.nullif(_U.c.role, ""), DEFAULT_ROLE)
_NO_ROLE = Role(app_id="", name="").timeout_seconds
_TIMEOUT = (
    select(_R.c.timeout_seconds)
    .select_from(_U.join(_R, (_R.c.app_id == _U.c.app_id) & (_R.c.name == _ROLE_NAME)))
    .where(_U.c.app_id == _W.c.app_id, _U.c.id == _W.c.user_id)
    .scalar_subquery()
)
_PAUSED = _NOW + type_coerce(func.coalesce(_TIMEOUT, _NO_ROLE), Integer) * SECOND
_FREE = _W.c.claimed_by.is_(None)
_OF_A_CROWD_THE_FIRST = (
    select(_W.c.user_id)
    .where(_W.c.app_id == bindparam("a"), _W.c.conversation_id == bindparam("c"))
    .order_by(_W.c.user_id)
    .limit(AT_ONCE)
)
_TYPING_ENDED = Prepared(
    update(_W)
    .where(
        _W.c.app_id == bindparam("a"),
        _W.c.conversation_id == bindparam("c"),
        _W.c.user_id.in_(_OF_A_CROWD_THE_FIRST),
        _FREE,
        # Whoever waits longer waits for something else.
        _W.c.due_at <= _NOW + bindparam("most", type_=_W.c.due_at.type),
        _W.c.due_at > _PAUSED,
    )
    .values(due_at=_PAUSED)
)
_PAGE_TELLS = Prepared(
    update(_W)
    .where(
        _W.c.app_id == bindparam("a"),
        _W.c.conversation_id == bindparam("c"),
        _W.c.user_id == bindparam("u"),
        _FREE,
        _W.c.waits_for == bindparam("why"),
        _W.c.due_at > _NOW,
    )
    .values(due_at=_NOW)
)
_LATER = (_W.c.app_id == bindparam("a"), _FREE, _W.c.due_at > _NOW)
_THEIRS = select(_P.c.conversation_id).where(
    _P.c.user_id == bindparam("u"), _P.c.app_id == bindparam("a")
)
_OF_USER = Prepared(
    update(_W)
    .where(*_LATER, _W.c.user_id == bindparam("u"), _W.c.conversation_id.in_(_THEIRS))
    .values(due_at=_NOW)
)

_QUIET_HOURS = "quiet_hours"  # the reason of a mail that rests, a ``rules.waiting.Wait``
_RESTS = (
    _D.c.app_id == bindparam("a"),
    _D.c.state == State.QUEUED,
    _D.c.claimed_by.is_(None),
    _D.c.reason == _QUIET_HOURS,
    _D.c.next_attempt_at > _NOW,
)
_RESTS_OF_USER = Prepared(
    update(_D)
    .where(*_RESTS, _D.c.user_id == bindparam("u"), _D.c.conversation_id.in_(_THEIRS))
    .values(next_attempt_at=_NOW)
)


def typing_ended(
    session: Session, app_id: str, conversation_id: str, now: Moment, most: Millis
) -> None:
    """Let what waits for somebody to stop typing here wait no longer than its role's timeout.

    ``most``: how long anything waits for that before it is looked at anyway, as it is of a crowd
    but for its first few.
    """
    _TYPING_ENDED.run(session, {"a": app_id, "c": conversation_id, "now": now, "most": most})


def page_tells(session: Session, whose: tuple[str, str, str], why: str, now: Moment) -> None:
    """Look now at what (app, conversation, user) is owed, if it waits for this: their page told."""
    given = dict(zip(("a", "c", "u"), whose, strict=True))
    _PAGE_TELLS.run(session, given | {"why": why, "now": now})


def rules_changed(session: Session, app_id: str, user_id: str, now: Moment) -> None:
    """Look now at all that a user is owed: what they, or others for them, have set is new.

    Also at the mails that are made and rest while they sleep.
    """
    given = {"a": app_id, "u": user_id, "now": now}
    _OF_USER.run(session, given)
    _RESTS_OF_USER.run(session, given)


def role_changed(session: Session, app_id: str, role: str | None, now: Moment) -> None:
    """Look now at all that anybody of a role is owed; None: anybody of the app."""
    owed = update(_W).where(_W.c.app_id == app_id, _FREE, _W.c.due_at > now)
    resting = update(_D).where(*_RESTS)
    if role is not None:
        of_role = select(_U.c.id).where(_U.c.app_id == app_id, _ROLE_NAME.in_([role]))
        owed = owed.where(_W.c.user_id.in_(of_role))
        resting = resting.where(_D.c.user_id.in_(of_role))
    flushed(session).execute(owed.values(due_at=now))
    flushed(session).execute(resting.values(next_attempt_at=_NOW), {"a": app_id, "now": now})


def clock_set_back(session: Session, now: Moment) -> int:
    """Look now at all that waits since a moment that is still to come; return how much.

    It would wait until the clock is there again. All that waits is gone through.
    """
    owed = update(_W).where(_FREE, _W.c.first_missed_at > now)
    queued = update(_D).where(
        _D.c.next_attempt_at > now,
        _D.c.created_at > now,
        _D.c.claimed_by.is_(None),
        _D.c.state == State.QUEUED,
    )
    done = flushed(session).execute(owed.values(due_at=now, first_missed_at=now)).rowcount
    return int(done) + int(flushed(session).execute(queued.values(next_attempt_at=now)).rowcount)
