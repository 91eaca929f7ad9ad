"""A person's choice not to be written to, and their change of mind. Both may be said twice."""

from collections.abc import Iterable

from core.actions.tell_mail import tell_opt_out
from core.model.opt_out import EVERYTHING, OptOut
from core.model.suppression import Suppression
from core.moment import Moment
from core.rules.suppression_terms import COMPLAINT
from core.store import opt_outs, users
from core.store.database import Session

READER = "reader"  # who has lifted a suppression, where it is nobody of the app


def opt_out(session: Session, who: tuple[str, str], scope: str, via: str, now: Moment) -> bool:
    """Note that (app, user) wants no mail about one conversation, or ``*``; False if known.

    It takes effect at once: what is owed or queued is looked at again before it leaves, and that
    look writes down why nothing did.
    """
    app_id, user_id = who
    if opt_outs.find(session, app_id, user_id, scope) is not None:
        return False
    session.add(OptOut(app_id=app_id, user_id=user_id, conversation_id=scope, via=via, made_at=now))
    tell_opt_out(session, who, scope, via, now)
    return True


def opt_in(session: Session, who: tuple[str, str], scope: str, now: Moment) -> bool:
    """Take a choice back; False if there was none.

    Who wants all mail again wants it where they, or who shares the mailbox, complained of it, too.
    """
    found = opt_outs.find(session, *who, scope)
    if found is not None:
        session.delete(found)
    lifted = False
    user = users.find(session, *who) if scope == EVERYTHING else None
    for known in complaints(session, who[0], (user.email if user else None) or (), now):
        opt_outs.lift(session, known, READER, now)
        lifted = True
    return found is not None or lifted


def complaints(
    session: Session, app_id: str, addresses: Iterable[str], now: Moment
) -> list[Suppression]:
    """Return what keeps us from writing to any of the addresses for its reader's complaint."""
    known = opt_outs.suppressions(session, app_id, addresses, now)
    return [one for one in known if one.cause == COMPLAINT]
