"""Decide on a burst whose timer has fired, and write the decision down.

One transaction under the conversation's row lock: what is said meanwhile waits, and is owed
anew. The pending row is the claim; if it is gone or was claimed again, there is nothing to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any

from core.actions import describe
from core.actions.announce import What, announce
from core.actions.queue import queue
from core.ids import new_id
from core.model.burst import Burst
from core.model.change import ChangeKind
from core.model.delivery import EMAIL
from core.model.mails_before import MailsBefore
from core.model.notification import Notification
from core.model.pending import Pending
from core.moment import Moment
from core.rules.look_again import Decision, Later, NotSent, Send, Why, look_again
from core.rules.mail_lane import lane_of
from core.rules.restraint import STEPS
from core.rules.waiting import Crowd, Wait
from core.store import bursts, conversations, messages, notifications, pending, users
from core.store.database import Session
from core.store.rows import fresh

NOT_CROWDED: Mapping[str, Crowd] = MappingProxyType({})
_CLAIMS_TOO_MANY = 5


@dataclass(frozen=True, slots=True)
class BurstClaim:
    """A pending that is ours for a while: its key and its fence."""

    app_id: str
    conversation_id: str
    user_id: str
    fence: int

    @property
    def whose(self) -> tuple[str, str, str]:
        """The key: app, conversation, user."""
        return self.app_id, self.conversation_id, self.user_id


def decide(
    session: Session,
    claim: BurstClaim,
    mail_domain: str,
    now: Moment,
    crowded: Mapping[str, Crowd] = NOT_CROWDED,
) -> Decision | None:
    """Look again at what a user is owed, and send, drop or wait; None if it is not ours.

    ``crowded``: the lanes behind which so much waits that this would wait too, and its place there.
    The channel's own stands for all of them.
    """
    conversations.lock(session, claim.app_id, claim.conversation_id)
    debt = pending.find(session, *claim.whose)
    if debt is None or debt.attempts != claim.fence:
        return None
    burst = bursts.load(session, claim.whose, (debt.first_seq, None), now)
    if burst is None:
        pending.clear(session, *claim.whose)
        return NotSent(Why.NO_ACCESS)
    decision = look_again(with_mails_before(session, burst, now), debt.first_missed_at, now)
    later = _crowded_out(decision, crowded, debt, now)
    decision = decision if later is None else later
    if claim.fence > _CLAIMS_TOO_MANY:  # it has brought workers down: let the rest go on
        decision = NotSent(Why.WORKER_CRASHED)
    _write_down(session, (burst, debt, decision), mail_domain, now)
    return decision


def with_mails_before(session: Session, burst: Burst, now: Moment) -> Burst:
    """Return a burst with the mails of before, as many as the role asks for; most ask for none.

    Under the user's row lock, so that of two conversations at once the second sees the first one's.
    """
    role, user, one = burst.role, burst.user, burst.participant
    if role is None:
        return burst
    for_person: tuple[Moment, ...] = ()
    unseen: tuple[Moment, ...] = ()
    most = max(role.mails_per_hour or 0, role.mails_per_day or 0)
    if most:
        users.lock(session, user.app_id, user.id)
        for_person = notifications.made_for(session, (user.app_id, user.id), now, most)
    if role.back_off_after is not None:
        whose = (one.app_id, one.conversation_id, one.user_id)
        seen = max(one.read_seq, messages.last_of(session, *whose))
        since = (seen, one.visited_at or 0)
        enough = role.back_off_after + len(STEPS)
        unseen = notifications.unseen(session, whose, since, now, enough)
    return replace(burst, before=MailsBefore(for_person, unseen))


def _crowded_out(
    decision: Decision, crowded: Mapping[str, Crowd], debt: Pending, now: Moment
) -> Later | None:
    """Return when to decide on what would wait for its lane now; None if it would leave.

    Who waited for that before is looked at before those who come now.
    """
    if not isinstance(decision, Send) or not crowded:
        return None
    crowds = [crowded.get(EMAIL) or crowded.get(lane_of(EMAIL, to)) for to in decision.addresses]
    waited = debt.waits_for == Wait.BACKLOG.value
    places = [one.again if waited else one.behind for one in crowds if one is not None]
    if len(places) < len(crowds):
        return None
    return Later(min(places), min(debt.first_missed_at, now), Wait.BACKLOG)


def _write_down(
    session: Session, about: tuple[Burst, Pending, Decision], mail_domain: str, now: Moment
) -> None:
    burst, debt, decision = about
    match decision:
        case Later(due_at, since, wait):
            pending.put_forward(session, debt, due_at, since, wait.value)
        case NotSent() | Send():
            pending.clear(session, debt.app_id, debt.conversation_id, debt.user_id)
            record(session, (burst, decision), debt.first_seq, mail_domain, now)


def record(
    session: Session,
    decided: tuple[Burst, NotSent | Send],
    seq: int,
    mail_domain: str,
    now: Moment,
    reminder: dict[str, Any] | None = None,
) -> Notification:
    """Write a decision on a burst down, queue its mails, and tell the app.

    ``seq``: the number it is about where nothing is left. ``reminder`` as ``Notification`` has it.
    """
    burst, decision = decided
    notification = fresh(
        Notification,
        app_id=burst.app.app_id,
        id=new_id("ntf", now),
        conversation_id=burst.conversation.id,
        user_id=burst.user.id,
        sent=isinstance(decision, Send),
        reason=decision.why.value,
        first_seq=burst.messages[0].seq if burst.messages else seq,
        last_seq=burst.last_seq if burst.messages else seq,
        messages=burst.count,
        decided_at=now,
        reminder=reminder,
    )
    notifications.add(session, notification)
    for address in decision.addresses if isinstance(decision, Send) else ():
        _queue(session, notification, address, mail_domain, now)
    if isinstance(decision, Send) or decision.app_may_tell:
        _trigger(session, burst, notification.id, now)
    return notification


def _trigger(session: Session, burst: Burst, notification_id: str, now: Moment) -> None:
    where = (burst.app.app_id, burst.conversation.id)
    what = What(ChangeKind.NOTIFICATION_TRIGGERED, user_id=burst.user.id)
    announce(session, where, what, now, partial(describe.notified, session, burst, notification_id))


def _queue(
    session: Session, notification: Notification, address: str, mail_domain: str, now: Moment
) -> None:
    queue(
        session,
        address,
        mail_domain,
        now,
        app_id=notification.app_id,
        notification_id=notification.id,
        conversation_id=notification.conversation_id,
        user_id=notification.user_id,
    )
