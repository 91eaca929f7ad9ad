"""An address was changed while a mail to it waited: the mail goes to where its reader is now.

The delivery to the old address is cancelled at its last look, and one is made to each mailbox the
user has now that this digest did not go to, be it only on its way. Octets that may be out are not
recalled; if they are refused for good, the new address is written to all the same.

The trap: several deliveries of one digest may find this out at the same moment. The conversation's
row lock lets one after the other look.
"""

from core.actions import settle
from core.actions.queue import queue
from core.email_address import comparable, one_spelling_each
from core.model.delivery import Delivery, State
from core.model.user import User
from core.moment import Moment
from core.outcome import Outcome
from core.rules.look_again import Why
from core.store import conversations, deliveries, opt_outs, users
from core.store.database import Session


def cancel(session: Session, claimed: Delivery, why: Why, mail_domain: str, now: Moment) -> bool:
    """End a delivery that must not leave, and write to where its reader is now if they moved.

    False if the claim is no longer ours.
    """
    moved_to = _moved(session, claimed) if why is Why.NO_ADDRESS else None
    if not settle.cancel(session, claimed, Why.ADDRESS_CHANGED if moved_to else why, now):
        return False
    if moved_to is not None:
        _follow(session, claimed, moved_to, mail_domain, now)
    return True


def settled(
    session: Session,
    claimed: Delivery,
    outcome: tuple[Outcome, Moment | None],
    mail_domain: str,
    now: Moment,
) -> State | None:
    """Write an outcome down as ``settle`` does (and when it is tried again).

    What was refused for good is written anew to where its reader has moved meanwhile.
    """
    state = settle.settle(session, claimed, *outcome, now)
    if state is State.FAILED and claimed.receipt_id is None:
        moved_to = _moved(session, claimed)
        if moved_to is not None:
            _follow(session, claimed, moved_to, mail_domain, now)
    return state


def look_soon(session: Session, user: User, now: Moment) -> None:
    """Let what waits for addresses that are no longer a user's be looked at now."""
    theirs = one_spelling_each(user.email or ())
    for one in deliveries.queued_for(session, user.app_id, user.id):
        if comparable(one.address) not in theirs:
            deliveries.due_soon(session, one, now)


def _moved(session: Session, claimed: Delivery) -> dict[str, str] | None:
    """Return the mailboxes of a user who has some, but no longer this one; None if it is not so."""
    conversations.lock(session, claimed.app_id, claimed.conversation_id)
    user = users.find(session, claimed.app_id, claimed.user_id)
    theirs = one_spelling_each((user.email if user else None) or ())
    return theirs if theirs and comparable(claimed.address) not in theirs else None


def _follow(
    session: Session, claimed: Delivery, theirs: dict[str, str], mail_domain: str, now: Moment
) -> None:
    """Queue the digest for each mailbox that none of its deliveries was for.

    One that is suppressed has its delivery too, which says so at its last look. A question is put
    once, to the first mailbox that can be written to.
    """
    others = (one for one in deliveries.beside(session, claimed) if one.id != claimed.id)
    reached = {comparable(one.address) for one in others if one.state is not State.CANCELLED}
    if claimed.held_id is not None:
        bad = opt_outs.suppressed(session, claimed.app_id, theirs.values(), now)
        theirs = dict([pair for pair in theirs.items() if pair[0] not in bad][:1])
    about = {"held_id": claimed.held_id} if claimed.held_id is not None else {}
    for mailbox, address in theirs.items():
        if mailbox not in reached:
            queue(
                session,
                address,
                mail_domain,
                now,
                app_id=claimed.app_id,
                notification_id=claimed.notification_id,
                conversation_id=claimed.conversation_id,
                user_id=claimed.user_id,
                **about,
            )
