"""Pass a mail that came for the operator on to where they read their mail.

It leaves like every mail of ours: as a delivery, which is tried again, fenced and settled alike,
but of no app, and about a receipt instead of a conversation.
"""

from core.actions.queue import queue
from core.model.receipt import Receipt
from core.moment import Moment
from core.store.database import Session


def pass_on(
    session: Session, receipt: Receipt, address: str, mail_domain: str, now: Moment
) -> None:
    """Queue the mail of a receipt for the operator's address, due at once."""
    queue(
        session,
        address,
        mail_domain,
        now,
        app_id=receipt.app_id,
        notification_id="",
        receipt_id=receipt.id,
        conversation_id="",
        user_id="",
    )
