"""Makers of what tests talk about: an app, its people, a conversation, something said."""

from typing import Any

from core.actions import converse, found_app, say
from core.model.app import App
from core.model.message import Message
from core.model.participant import Access, Notify
from core.model.user import User
from core.moment import Moment
from core.store import apps
from core.store.database import Session

APP, ROOM = "demo", "order-1"
NOW: Moment = 1_700_000_000_000


def an_app(session: Session, **role: Any) -> App:
    """Found the app, with these settings of its default role."""
    app = App(app_id=APP, number=0, name="Acme", created_at=NOW)
    found_app.found_app(session, app, NOW)
    default = apps.role(session, APP, None)
    assert default is not None
    for name, value in role.items():
        setattr(default, name, value)
    session.add(default)
    session.flush()
    return app


def a_user(session: Session, user_id: str, **said: Any) -> User:
    """Add a user with one address."""
    given = {"name": user_id.title(), "email": [f"{user_id}@example.net"]} | said
    user = User(app_id=APP, id=user_id, created_at=NOW, **given)
    session.add(user)
    session.flush()
    return user


def a_conversation(session: Session, *user_ids: str, **role: Any) -> None:
    """Found the app with these users, all in one conversation."""
    an_app(session, **role)
    converse.put(session, APP, ROOM, {"subject": "Order 1"}, NOW)
    for user_id in user_ids:
        a_user(session, user_id)
        converse.join(session, (APP, ROOM, user_id), Access.READ_WRITE, Notify.ALL, NOW)


def words(sender: str | None, text: str = "Hello", **more: Any) -> say.Words:
    """Return something to say."""
    return say.Words(APP, ROOM, sender, text, **more)


def says(session: Session, sender: str, text: str = "Hello", now: Moment = NOW) -> Message:
    """Let somebody say something."""
    return say.say(session, words(sender, text), now)
