"""Preferences: what somebody wants of all mails."""

from typing import Any

from sqlmodel import Session

from core.model.preference import Preference


def find(session: Session, app_id: str, user_id: str) -> Preference | None:
    """Return what somebody has chosen, None if they never did."""
    return session.get(Preference, (app_id, user_id))


def choose(session: Session, who: tuple[str, str], chosen: dict[str, Any]) -> Preference:
    """Keep these choices of (app, user)."""
    one = find(session, *who) or Preference(app_id=who[0], user_id=who[1])
    for name, value in chosen.items():
        setattr(one, name, value)
    session.add(one)
    session.flush()
    return one
