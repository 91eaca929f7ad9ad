"""A person's choice not to be written to, and their change of mind. Both may be said twice."""

from core.actions.tell_mail import tell_opt_out
from core.model.opt_out import EVERYTHING, OptOut
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

    Who wants all mail again wants it where they once complained of it, too.
    """
    found = opt_outs.find(session, *who, scope)
    if found is None:
        return False
    session.delete(found)
    user = users.find(session, *who) if scope == EVERYTHING else None
    if user is not None:
        for known in opt_outs.suppressions(session, user.app_id, user.email or (), now):
            if known.cause == COMPLAINT:
                opt_outs.lift(session, known, READER, now)
    return True
