"""Participants: who is in a conversation, and whom an address names."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, case, func, literal_column, true, update
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.email_address import domain_of
from core.model.app import App
from core.model.conversation import Conversation
from core.model.day_budget import NOTHING_SPENT, BudgetOf, Spent
from core.model.fan_out import AT_ONCE
from core.model.known_block import BlocksOf
from core.model.member import NOTHING_REMEMBERED, Audience, Correspondent, Member, Remembered
from core.model.participant import Access, Participant
from core.model.role import DEFAULT_ROLE, Role
from core.model.user import User
from core.moment import Moment
from core.store import day_budgets, fan_outs, known_blocks, traces, webhooks
from core.store.engine.dialect import dialect_of, flushed, table_of
from core.store.engine.prepared import Prepared
from core.store.traces import Trace

_A, _C, _P = table_of(App), table_of(Conversation), table_of(Participant)
_U, _R = table_of(User), table_of(Role)

# Rows by their whole keys, whatever a planner without statistics makes of it: where one app has
# all the rows, half of a key tells nothing, and a join begun elsewhere walks the tables. A
# subquery is no join, and has only one way to its row.
_ROLE = func.coalesce(
    core_select(_U.c.role)
    .where(_U.c.app_id == _P.c.app_id, _U.c.id == _P.c.user_id)
    .correlate(_P)
    .scalar_subquery(),
    DEFAULT_ROLE,
)
_TIMEOUT = (
    core_select(_R.c.timeout_seconds)
    .where(_R.c.app_id == _P.c.app_id, _R.c.name == _ROLE)
    .correlate(_P)
    .scalar_subquery()
)
_HERE = (_P.c.app_id == bindparam("a"), _P.c.conversation_id == bindparam("c"))
_MEMBER = (_P.c.user_id, _P.c.access, _P.c.notify, _P.c.left_at, func.coalesce(_TIMEOUT, 120))
_AUDIENCE = Prepared(
    core_select(*_MEMBER, webhooks.HAS_ENDPOINT, fan_outs.IS_UNDER_WAY)
    .where(*_HERE)
    .limit(AT_ONCE + 1)
)
_ONE = Prepared(core_select(*_MEMBER).where(*_HERE, _P.c.user_id == bindparam("u")))
_AFTER = Prepared(
    core_select(*_MEMBER, _P.c.read_seq, _P.c.joined_at)
    .where(*_HERE, _P.c.user_id > bindparam("u"))
    .order_by(_P.c.user_id)
    .limit(bindparam("most"))
)

_NAMED = (
    core_select(_P)
    .where(
        _P.c.app_id
        == core_select(_A.c.app_id).where(_A.c.number == bindparam("n")).scalar_subquery(),
        _P.c.reference == bindparam("r"),
    )
    .cte("named")
    .prefix_with("MATERIALIZED", dialect="postgresql")
)
_N = _NAMED.c
_APP = _NAMED.join(_A, _A.c.app_id == _N.app_id)
_IS_THEIRS = (_U.c.app_id == _N.app_id) & (_U.c.id == _N.user_id)
_SUBJECT = (
    core_select(_C.c.subject)
    .where(_C.c.app_id == _N.app_id, _C.c.id == _N.conversation_id)
    .scalar_subquery()
)


def _columns(user: Any) -> tuple[Any, ...]:
    """Return a Correspondent's columns, of which these are the user's."""
    return (
        _N.app_id,
        _N.conversation_id,
        _N.user_id,
        _N.access,
        _N.left_at,
        _N.address_epoch,
        _A.c.sender_policy,
        user.name,
        user.email,
        user.aliases,
        case((user.locale.is_not(None), user.locale), else_=_A.c.default_locale),
        _SUBJECT,
        _A.c.email_confidence_threshold,
    )


def _remembered(domain: Any) -> tuple[Any, ...]:
    """Return a Remembered's columns: the domain is that of the user's first address."""
    return (
        known_blocks.packed_of(_N.app_id, BlocksOf.PERSON, _N.user_id).label("person"),
        domain.label("domain"),
        known_blocks.packed_of(_N.app_id, BlocksOf.DOMAIN, domain).label("shared"),
    )


_CORRESPONDENT = Prepared(core_select(*_columns(_U.c)).select_from(_APP.join(_U, _IS_THEIRS)))

# The same and what we last sent them, in one question: PostgreSQL's LATERAL, which SQLite has not.
_USER = core_select(_U).where(_IS_THEIRS).limit(1).lateral("whose")
_TRACES = traces.latest(_N.app_id, _N.conversation_id, _N.user_id).lateral("traces")
_FIRST = _USER.c.email.op("->>")(literal_column("0"))
# Behind the last @: a quoted local part may hold others (RFC 5321, 4.1.2).
_DOMAIN = func.lower(func.substring(_FIRST, literal_column("'[^@]*$'")))
_WORDS = (_N.app_id, _N.conversation_id, _N.user_id, BudgetOf.WORDS)
_SPENT = day_budgets.spent_by(*_WORDS).limit(1).lateral("spent")
_CORRESPONDENCE = Prepared(
    core_select(*_columns(_USER.c), *_remembered(_DOMAIN), *_SPENT.c, *_TRACES.c)
    .select_from(_APP.join(_USER, true()).outerjoin(_SPENT, true()).outerjoin(_TRACES, true()))
    .order_by(_TRACES.c.created_at.desc())
)
_WIDTH = len(_columns(_U.c))
_KNOWN = _WIDTH + len(_remembered(_DOMAIN))
_WHOLE = _KNOWN + len(_SPENT.c)


def find(session: Session, app_id: str, conversation_id: str, user_id: str) -> Participant | None:
    """Return a participant, also one who has left."""
    return session.get(Participant, (app_id, conversation_id, user_id))


def audience(session: Session, app_id: str, conversation_id: str) -> Audience:
    """Return who is or was in a conversation; of a crowd, no more than shows that it is one."""
    rows = _AUDIENCE.rows(session, {"a": app_id, "c": conversation_id})
    if not rows:  # the other answers came on their rows
        return Audience([], webhooks.has_endpoint(session, app_id), crowd=False)
    found = [
        Member(user, access, notify, left, wait) for user, access, notify, left, wait, *_ in rows
    ]
    listened_to, under_way = rows[0][-2:]
    return Audience(found, bool(listened_to), len(found) > AT_ONCE or bool(under_way))


def member(session: Session, app_id: str, conversation_id: str, user_id: str) -> Member | None:
    """Return one who is or was in a conversation, or None."""
    row = _ONE.row(session, {"a": app_id, "c": conversation_id, "u": user_id})
    return None if row is None else Member(*row)


def after(session: Session, where: tuple[str, str], user_id: str, most: int) -> list[Member]:
    """Return so many who are or were in (app, conversation) after a user, by their ids."""
    given = {"a": where[0], "c": where[1], "u": user_id, "most": most}
    return [Member(*row) for row in _AFTER.rows(session, given)]


def count(session: Session, app_id: str, conversation_id: str) -> int:
    """Return how many are or were in a conversation."""
    statement = select(func.count()).where(
        Participant.app_id == app_id, Participant.conversation_id == conversation_id
    )
    return session.exec(statement).one()


def latest_of(session: Session, app_id: str, user_id: str, most: int) -> list[str]:
    """Return the conversations somebody is or was in, those first where something was said last."""
    active = func.coalesce(_C.c.last_message_at, _C.c.created_at)
    statement = (
        select(col(Participant.conversation_id))
        .join(Conversation, (_C.c.app_id == _P.c.app_id) & (_C.c.id == _P.c.conversation_id))
        .where(_P.c.app_id == app_id, _P.c.user_id == user_id)
        .order_by(active.desc(), _P.c.conversation_id)
        .limit(most)
    )
    return list(session.exec(statement))


def named_by(session: Session, app_number: int, reference: int) -> Correspondent | None:
    """Return whom a proven address token names, or None."""
    row = _CORRESPONDENT.row(session, {"n": app_number, "r": reference})
    return None if row is None else _correspondent(row)


def correspondence(
    session: Session, app_number: int, reference: int, most: int
) -> tuple[Correspondent | None, list[Trace]]:
    """Return whom a proven address token names, and what they were last sent, newest first."""
    if dialect_of(session) != "postgresql":
        named = named_by(session, app_number, reference)
        if named is None:
            return None, []
        whose = (named.app_id, named.conversation_id, named.user_id)
        spent = day_budgets.spent(session, whose, BudgetOf.WORDS)
        known = replace(_remembering(session, named), spent=spent)
        return known, traces.of_participant(session, *whose, most)
    given = {"n": app_number, "r": reference, "most": most}
    rows = _CORRESPONDENCE.rows(session, given)
    if not rows:
        return None, []
    sent = [Trace(*row[_WHOLE:-1]) for row in rows if row[_WHOLE] is not None]
    person, domain, shared = rows[0][_WIDTH:_KNOWN]
    remembered = Remembered(person or b"", domain or "", shared or b"")
    written = rows[0][_KNOWN:_WHOLE]
    spent = Spent(*written) if written[0] is not None else NOTHING_SPENT
    return _correspondent(rows[0][:_WIDTH], remembered, spent), sent


def _correspondent(
    row: Sequence[Any],
    remembered: Remembered = NOTHING_REMEMBERED,
    spent: Spent = NOTHING_SPENT,
) -> Correspondent:
    addresses = (*(row[8] or ()), *(row[9] or ()))
    return Correspondent(*(*row[:8], addresses, *row[10:], remembered, spent))


def _remembering(session: Session, named: Correspondent) -> Correspondent:
    """Return a correspondent with what is remembered of how their mails end."""
    domain = domain_of(named.addresses[0]) if named.addresses else ""
    remembered = known_blocks.remembered(session, named.app_id, named.user_id, domain)
    return replace(named, remembered=remembered)


def correspondent(
    session: Session, app_id: str, conversation_id: str, user_id: str
) -> Correspondent | None:
    """Return a participant as an address of theirs would name them, or None."""
    participant = find(session, app_id, conversation_id, user_id)
    app = session.get(App, app_id)
    if participant is None or app is None:
        return None
    named = named_by(session, app.number, participant.reference)
    return None if named is None else _remembering(session, named)


def opened(session: Session, whose: tuple[str, str, str], at: Moment) -> None:
    """Remember when (app, conversation, user) was last shown the conversation."""
    mine = zip((_P.c.app_id, _P.c.conversation_id, _P.c.user_id), whose, strict=True)
    statement = update(_P).where(*(column == value for column, value in mine))
    flushed(session).execute(statement.values(visited_at=at))


def first_listed(
    session: Session, app_id: str, conversation_id: str, most: int
) -> list[Participant]:
    """Return the first of those that ``listed`` returns: a crowd has more than anybody reads."""
    statement = _listed(app_id, [conversation_id]).limit(most)
    return list(session.exec(statement))


def listed(
    session: Session, app_id: str, conversation_ids: Collection[str]
) -> dict[str, list[Participant]]:
    """Return the participants the API lists, by conversation: here, with at least Read access."""
    found: dict[str, list[Participant]] = {name: [] for name in conversation_ids}
    for participant in session.exec(_listed(app_id, conversation_ids)):
        found[participant.conversation_id].append(participant)
    return found


def _listed(app_id: str, conversation_ids: Collection[str]) -> SelectOfScalar[Participant]:
    statement = select(Participant).where(
        Participant.app_id == app_id,
        col(Participant.conversation_id).in_(conversation_ids),
        col(Participant.left_at).is_(None),
        Participant.access != Access.NONE,
    )
    return statement.order_by(col(Participant.joined_at), col(Participant.user_id))
