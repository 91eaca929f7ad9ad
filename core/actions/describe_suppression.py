"""How a suppression is told: from which answer of which relay it is, and what lifting it means."""

from collections.abc import Iterator
from typing import Any

from core.actions.explain import delivery_shape, obstacle_shapes, standing_of
from core.actions.suppression_shape import suppression_shape
from core.email_address import comparable
from core.model.pending import Pending
from core.model.suppression import Suppression
from core.model.user import User
from core.moment import Moment
from core.rules.look_again import Why
from core.rules.obstacles import Obstacle, Standing, obstacles
from core.rules.suppression_words import change, means
from core.store import deliveries, participants, suppressions, users
from core.store.database import Session

Json = dict[str, Any]
_MOST_USERS = 10  # that share one address, and are told of
_MOST_OWED = 20  # mails of each that are told of


def whole_shape(session: Session, one: Suppression, now: Moment) -> Json:
    """Return it with the mail it is known from, and what there is to leave once it is lifted."""
    mail = deliveries.find(session, one.app_id, one.delivery_id or "")
    told = suppression_shape(one, now) | {"means": means(one), "mail": None, "toChange": ""}
    if one.in_force(now):
        told["toChange"] = change(one)
    if mail is not None:
        told["mail"] = delivery_shape(mail, deliveries.attempts(session, one.app_id, [mail.id]))
    return told | after_lifting(session, one.app_id, one.address, now)


def after_lifting(session: Session, app_id: str, address: str, now: Moment) -> Json:
    """Return which mails may leave when nothing is known of an address, and what hinders others."""
    may_leave: list[Json] = []
    hindered: list[Json] = []
    named = users.with_address(session, app_id, address, _MOST_USERS)
    for user in named:
        standing = standing_of(session, app_id, user.id, now)
        for where, shape in _waiting(session, user, address):
            found = _still(session, standing, where, now)
            if found:
                hindered.append(shape | {"toChange": obstacle_shapes(found)})
            else:
                may_leave.append(shape)
    general = [
        {"user": user.id, "toChange": obstacle_shapes(found)}
        for user in named
        if (found := _still(session, standing_of(session, app_id, user.id, now), None, now))
    ]
    return {
        "users": [user.id for user in named],
        "mayLeave": may_leave,
        "stillHindered": hindered,
        "hinders": general,
    }


def lifted_sentence(told: Json) -> str:
    """Return in words what there is to leave now."""
    if not told["users"]:
        return "Nobody in this app has that address now."
    count = len(told["mayLeave"])
    said = (
        f"{count} mail{'s' if count != 1 else ''} may leave now."
        if count
        else "No mail waits for it; what was missed meanwhile is not sent afterwards."
    )
    still = [one["sentence"] for each in told["hinders"] for one in each["toChange"]]
    return " ".join([said, *dict.fromkeys(still)])


def _waiting(session: Session, user: User, address: str) -> Iterator[tuple[str, Json]]:
    """Yield what is owed to a user or waits to go to the address, with its conversation."""
    owed: list[Pending] = suppressions.owed(session, user.app_id, user.id, _MOST_OWED)
    for debt in owed:
        yield debt.conversation_id, _shape("owed", user, debt.conversation_id, debt.due_at)
    mailbox = comparable(address)
    queued = deliveries.queued_for(session, user.app_id, user.id)
    for mail in [one for one in queued if comparable(one.address) == mailbox][:_MOST_OWED]:
        shape = _shape("queued", user, mail.conversation_id, mail.next_attempt_at)
        yield mail.conversation_id, shape | {"delivery": mail.id}


def _shape(state: str, user: User, conversation_id: str, due_at: Moment | None) -> Json:
    return {"state": state, "user": user.id, "conversation": conversation_id, "dueAt": due_at}


def _still(session: Session, standing: Standing, where: str | None, now: Moment) -> list[Obstacle]:
    """Return what else hinders mails to a person, of one conversation or any."""
    user = standing.user
    here = participants.find(session, user.app_id, where, user.id) if user and where else None
    found = obstacles(standing, here, now)
    return [one for one in found if one.why not in {Why.SUPPRESSED, Why.NOT_MENTIONED}]
