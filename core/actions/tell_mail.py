"""Webhooks are told what became of somebody's mail: sent, sent back, cancelled, or no more of them.

TalkJS names what is told of a mail (talkjs-spec, 3.3); what it says of one is not public, so
the shape is that of ``notification.triggered`` without the messages, with channel and address.
"""

from functools import partial
from typing import Any

from core.actions.announce import What, announce, announce_user
from core.model.change import ChangeKind
from core.model.delivery import Delivery
from core.model.opt_out import EVERYTHING
from core.model.shapes import user_shape
from core.moment import Moment
from core.store import users
from core.store.database import Session

Json = dict[str, Any]


def tell_mail(
    session: Session, delivery: Delivery, kind: ChangeKind, now: Moment, **more: Any
) -> None:
    """Tell what became of a mail, among the events of its conversation; ``more`` says it exactly.

    A question about a held reply is between us and its reader, and a mail for the operator is of no
    app: of neither is anything told.
    """
    if delivery.held_id is not None or delivery.receipt_id is not None:
        return
    where = (delivery.app_id, delivery.conversation_id)
    gather = partial(_of_mail, session, delivery, more)
    announce(session, where, What(kind, user_id=delivery.user_id), now, gather)


def tell_opt_out(session: Session, who: tuple[str, str], scope: str, via: str, now: Moment) -> None:
    """Tell that (app, user) wants no more mail of one conversation, or of any (``*``).

    The first is among the events of that conversation, the second among those of the user.
    """
    kind = ChangeKind.NOTIFICATION_UNSUBSCRIBED
    conversation_id = None if scope == EVERYTHING else scope
    gather = partial(_of_opt_out, session, who, {"conversationId": conversation_id, "via": via})
    if conversation_id is None:
        announce_user(session, *who, kind, now, gather)
    else:
        announce(session, (who[0], conversation_id), What(kind, user_id=who[1]), now, gather)


def _of_mail(session: Session, delivery: Delivery, more: Json) -> Json:
    return {
        "notificationId": delivery.notification_id,
        "channel": delivery.channel,
        "address": delivery.address,
        "recipient": _person(session, delivery.app_id, delivery.user_id),
        "conversationId": delivery.conversation_id,
        **more,
    }


def _of_opt_out(session: Session, who: tuple[str, str], more: Json) -> Json:
    return {"recipient": _person(session, *who), **more}


def _person(session: Session, app_id: str, user_id: str) -> Json | None:
    found = users.find(session, app_id, user_id)
    return user_shape(found) if found else None
