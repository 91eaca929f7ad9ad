"""Pass a mail that came for the operator on to where they read their mail.

It leaves like every mail of ours: as a delivery, which is tried again, fenced and settled alike,
but of no app, and about a receipt instead of a conversation.
"""

from core.ids import new_id, new_reference
from core.model.base import fresh
from core.model.delivery import Delivery
from core.model.receipt import Receipt
from core.moment import Moment
from core.store import deliveries
from core.store.database import Session


def pass_on(
    session: Session, receipt: Receipt, address: str, mail_domain: str, now: Moment
) -> None:
    """Queue the mail of a receipt for the operator's address, due at once."""
    id_ = new_id("dlv", now)
    one = fresh(
        Delivery,
        app_id=receipt.app_id,
        id=id_,
        notification_id="",
        receipt_id=receipt.id,
        conversation_id="",
        user_id="",
        address=address,
        next_attempt_at=now,
        reference=new_reference(),
        message_id=f"<{id_}@{mail_domain}>",
        created_at=now,
    )
    deliveries.add(session, one)
