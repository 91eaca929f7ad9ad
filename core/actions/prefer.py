"""Somebody chooses when they want to be written to; what waits already is looked at by that."""

from typing import Any

from core.actions.people import existing
from core.model.preference import Preference
from core.moment import Moment
from core.store import preferences, users, waits
from core.store.database import Session


def prefer(
    session: Session, app_id: str, user_id: str, chosen: dict[str, Any], now: Moment
) -> Preference:
    """Keep somebody's choices (the columns of a preference); None is what their role says.

    They are taken as they are: the edge has checked them. Raise NotFound without such a user.
    """
    existing(session, app_id, user_id)
    users.lock(session, app_id, user_id)  # two pages at once: the second sees the first one's row
    before = chosen_by(session, app_id, user_id).model_dump()
    one = preferences.choose(session, (app_id, user_id), chosen)
    if one.model_dump() != before:
        waits.rules_changed(session, app_id, user_id, now)
    return one


def chosen_by(session: Session, app_id: str, user_id: str) -> Preference:
    """Return what somebody has chosen; nothing, if they never did."""
    found = preferences.find(session, app_id, user_id)
    return found or Preference(app_id=app_id, user_id=user_id)
