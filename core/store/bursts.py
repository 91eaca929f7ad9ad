"""Bursts: everything a decision or a digest needs, read in one go and only to be looked at."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, case, func, or_, select
from sqlmodel import Session

from core.email_address import comparable, kept_forms
from core.model.app import App
from core.model.attachment import Attachment
from core.model.burst import Burst, Rest
from core.model.conversation import Conversation
from core.model.message import Message, MessageKind, Origin
from core.model.opt_out import OptOut
from core.model.participant import Participant
from core.model.preference import Preference
from core.model.role import DEFAULT_ROLE, Role
from core.model.session import UserSession
from core.model.suppression import Suppression
from core.model.user import User
from core.moment import Moment
from core.store.engine.dialect import table_of
from core.store.engine.lookup import JoinedLookup, Lookup
from core.store.engine.prepared import Prepared

_A, _C, _P = table_of(App), table_of(Conversation), table_of(Participant)
_U, _R, _M = table_of(User), table_of(Role), table_of(Message)
_F, _S, _O, _X = (
    table_of(Attachment),
    table_of(UserSession),
    table_of(OptOut),
    table_of(Suppression),
)
_CHOSEN = table_of(Preference)
_APP_ID: Any = bindparam("a")
_CONVERSATION_ID: Any = bindparam("c")
_USER_ID: Any = bindparam("u")
_NOW: Any = bindparam("now")
_READ: Any = bindparam("read", type_=_M.c.seq.type)
_LAST = 1 << 62
MOST = 100  # messages that are decided on one by one
NEWEST = 20  # of more than those, what is read to be shown
_MOST_COUNTED = 10_000


def _missed(message: Any) -> tuple[Any, ...]:
    return (
        message.c.app_id == _APP_ID,
        message.c.conversation_id == _CONVERSATION_ID,
        message.c.seq.between(bindparam("first"), bindparam("last")),
        message.c.deleted_at.is_(None),
        message.c.sender_id.is_distinct_from(_USER_ID),
    )


_MISSED = _missed(_M)
_ANSWERING = _M.alias("answering")
_ANSWERED_IDS = select(_ANSWERING.c.referenced_message_id).where(
    *_missed(_ANSWERING), _ANSWERING.c.referenced_message_id.is_not(None)
)
_PRESENT = (_S.c.app_id == _APP_ID, _S.c.user_id == _USER_ID, _S.c.expires_at > _NOW)
_OPTED_OUT = (_O.c.app_id == _APP_ID, _O.c.user_id == _USER_ID)
_ROLE_NAME = func.coalesce(func.nullif(_U.c.role, ""), DEFAULT_ROLE)
# Who is told and where, until when somebody types there, and how many rows of the user's are
# worth a statement of their own: for most there are none.
_SURROUNDINGS = JoinedLookup(
    (App, Conversation, User, Participant, Role, Preference),
    lambda chosen: chosen.select_from(
        _P.join(_A, _A.c.app_id == _P.c.app_id)
        .join(_C, and_(_C.c.app_id == _P.c.app_id, _C.c.id == _P.c.conversation_id))
        .join(_U, and_(_U.c.app_id == _P.c.app_id, _U.c.id == _P.c.user_id))
        .outerjoin(_R, and_(_R.c.app_id == _U.c.app_id, _R.c.name == _ROLE_NAME))
        .outerjoin(_CHOSEN, and_(_CHOSEN.c.app_id == _U.c.app_id, _CHOSEN.c.user_id == _U.c.id))
    ).where(
        _P.c.app_id == _APP_ID,
        _P.c.conversation_id == _CONVERSATION_ID,
        _P.c.user_id == _USER_ID,
    ),
    select(func.max(_S.c.expires_at))
    .where(
        _S.c.app_id == _APP_ID,
        _S.c.selected_conversation_id == _CONVERSATION_ID,
        _S.c.is_typing,
    )
    .scalar_subquery(),
    select(func.count()).select_from(_S).where(*_PRESENT).scalar_subquery(),
    select(func.count()).select_from(_O).where(*_OPTED_OUT).scalar_subquery(),
)
_MESSAGES = JoinedLookup(
    (Message,),
    lambda chosen: chosen.where(*_MISSED).order_by(_M.c.seq).limit(MOST),
    select(func.count())
    .select_from(_F)
    .where(_F.c.app_id == _M.c.app_id, _F.c.message_id == _M.c.id)
    .scalar_subquery(),
)
_NEWEST = Lookup(Message, *_MISSED, order_by=(_M.c.seq.desc(),), limit=NEWEST)
_COUNTED = (
    select(_M.c.seq, _M.c.created_at, _M.c.type, _M.c.origin, _M.c.critical)
    .where(*_MISSED)
    .order_by(_M.c.seq)
    .limit(_MOST_COUNTED)
    .subquery()
)
_REST = Prepared(
    select(
        func.count(),
        func.max(_COUNTED.c.seq),
        func.max(_COUNTED.c.created_at),
        func.max(
            case(
                (_COUNTED.c.type == MessageKind.SYSTEM, 0),
                (_COUNTED.c.origin == Origin.IMPORT, 0),
                else_=1,
            )
        ),
        func.max(case((and_(_COUNTED.c.critical, _COUNTED.c.seq > _READ), 1), else_=0)),
    )
)
_MENTIONING = Prepared(
    select(_M.c.mentions)
    .where(*_MISSED, _M.c.mentions.is_not(None))
    .order_by(_M.c.seq.desc())
    .limit(_MOST_COUNTED)
)
_SENDERS = Lookup(User, _U.c.app_id == _APP_ID, _U.c.id.in_(select(_M.c.sender_id).where(*_MISSED)))
_ANSWERED = Lookup(
    Message,
    _M.c.app_id == _APP_ID,
    _M.c.conversation_id == _CONVERSATION_ID,
    _M.c.deleted_at.is_(None),
    _M.c.id.in_(_ANSWERED_IDS),
)
_ANSWERED_SENDERS = Lookup(
    User,
    _U.c.app_id == _APP_ID,
    _U.c.id.in_(
        select(_M.c.sender_id).where(
            _M.c.app_id == _APP_ID,
            _M.c.conversation_id == _CONVERSATION_ID,
            _M.c.id.in_(_ANSWERED_IDS),
        )
    ),
)
_FILES = Lookup(
    Attachment,
    _F.c.app_id == _APP_ID,
    _F.c.message_id.in_(select(_M.c.id).where(*_MISSED)),
    order_by=(_F.c.message_id, _F.c.position),
    without=("octets",),
)
_PRESENCES = Lookup(UserSession, *_PRESENT)
_SCOPES = Prepared(select(_O.c.conversation_id).where(*_OPTED_OUT))
_SUPPRESSED = Prepared(
    select(func.count())
    .select_from(_X)
    .where(
        _X.c.app_id == _APP_ID,
        _X.c.address == bindparam("address"),
        or_(_X.c.expires_at.is_(None), _X.c.expires_at > _NOW),
    )
)


def load(
    session: Session,
    whose: tuple[str, str, str],
    between: tuple[int, int | None],
    now: Moment,
    *,
    also_read: bool = False,
) -> Burst | None:
    """Return what a user (app, conversation, user) has missed of these numbers, as of now.

    ``also_read``: whether they have read it or not. None when the conversation, the user or the
    participant is gone altogether.
    """
    app_id, conversation_id, user_id = whose
    given: dict[str, Any] = {"a": app_id, "c": conversation_id, "u": user_id, "now": now}
    found = _SURROUNDINGS.one(session, given)
    if found is None:
        return None
    app, conversation, user, participant, role, chosen, typing_until, present, opted_out = found
    given["read"] = participant.read_seq
    given["first"] = between[0] if also_read else max(between[0], participant.read_seq + 1)
    given["last"] = _LAST if between[1] is None else between[1]
    messages, rest, around = _said(session, given)
    return Burst(
        app=app, role=role, preference=chosen,
        conversation=conversation, user=user, participant=participant,
        messages=messages,
        rest=rest,
        typing_until=typing_until,
        senders=around.senders,
        answered=around.answered,
        attachments=around.files,
        sessions=tuple(_PRESENCES.all(session, given)) if present else (),
        opted_out=_scopes(session, given) if opted_out else frozenset(),
        suppressed=frozenset(_suppressed(session, app_id, user.email or (), now)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Around:
    """What is read around some messages: who wrote, their files, and what they answer."""

    senders: dict[str, User]
    files: dict[str, tuple[Attachment, ...]]
    answered: dict[str, Message]

    def __or__(self, other: "_Around") -> "_Around":
        """Return what is around the messages of both."""
        return _Around(
            self.senders | other.senders, self.files | other.files, self.answered | other.answered
        )


def _said(
    session: Session, given: dict[str, Any]
) -> tuple[tuple[Message, ...], Rest | None, _Around]:
    """Return what was missed: the messages, what is beyond them, and what is around both."""
    missed = _MESSAGES.all(session, given)
    messages = tuple(message for message, _ in missed)
    rest = None
    if len(messages) == MOST:
        rest = _rest(session, given | {"first": messages[-1].seq + 1})
        given["last"] = messages[-1].seq
    around = _around(session, given, messages, with_files=any(files for _, files in missed))
    return messages, rest, around | _around_newest(session, given, rest)


def _around(
    session: Session, given: dict[str, Any], messages: tuple[Message, ...], *, with_files: bool
) -> _Around:
    """Return what is around messages, which are all of those that are given."""
    senders, answered = _SENDERS.all(session, given), []
    if any(one.referenced_message_id for one in messages):
        senders += _ANSWERED_SENDERS.all(session, given)
        answered = _ANSWERED.all(session, given)
    return _Around(
        senders={one.id: one for one in senders},
        files=_files(session, given) if with_files else {},
        answered={one.id: one for one in answered},
    )


def _around_newest(session: Session, given: dict[str, Any], rest: Rest | None) -> _Around:
    """Return what is around the last messages; of those between the first and them, nothing."""
    if rest is None or not rest.newest:
        return _Around({}, {}, {})
    between = {"first": rest.newest[0].seq, "last": rest.newest[-1].seq}
    return _around(session, given | between, rest.newest, with_files=True)


def _rest(session: Session, given: dict[str, Any]) -> Rest | None:
    """Return what was missed beyond the messages that are read, without reading it."""
    counted = _REST.row(session, given)
    if counted is None or not counted[0]:
        return None
    count, last_seq, last_at, owes, critical = counted
    user_id = given["u"]
    mentions = any(user_id in names for (names,) in _MENTIONING.rows(session, given))
    newest = tuple(reversed(_NEWEST.all(session, given)))
    return Rest(count, last_seq, last_at, bool(owes), mentions, newest, bool(critical))


def _files(session: Session, given: dict[str, Any]) -> dict[str, tuple[Attachment, ...]]:
    """Return the missed messages' files, without their octets, by message."""
    found: dict[str, tuple[Attachment, ...]] = {}
    for file in _FILES.all(session, given):
        found[file.message_id] = (*found.get(file.message_id, ()), file)
    return found


def _scopes(session: Session, given: dict[str, Any]) -> frozenset[str]:
    """Return of which conversations the user wants no mail."""
    return frozenset(scope for (scope,) in _SCOPES.rows(session, given))


def _suppressed(
    session: Session, app_id: str, addresses: "list[str] | tuple[str, ...]", now: Moment
) -> list[str]:
    """Return those of the addresses, as they are compared, that must not be written to."""
    mailboxes = {form: comparable(one) for one in addresses for form in kept_forms(one)}
    given = {"a": app_id, "now": now}
    counted = {one: _SUPPRESSED.row(session, {**given, "address": one}) for one in mailboxes}
    found = {mailboxes[form] for form, row in counted.items() if row is not None and row[0]}
    return sorted(found)
