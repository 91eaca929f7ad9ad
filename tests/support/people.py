"""Makers of what tests talk about: an app, its people, a conversation, something said."""

from typing import Any

from sqlalchemy import insert

from core.actions import converse, found_app, say
from core.ids import new_reference
from core.model.app import App
from core.model.message import Message
from core.model.participant import Access, Notify, Participant
from core.model.user import User
from core.moment import Moment
from core.store import apps
from core.store.database import Session
from core.store.engine.dialect import flushed, table_of
from core.store.rows import row_of

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


def a_crowd(session: Session, people: int, *, first: int = 0) -> list[str]:
    """Put so many people into the conversation, by a few statements, and return their ids."""
    ids = [f"p{number:06}" for number in range(first, first + people)]
    connection = flushed(session)
    users = [
        row_of(User(app_id=APP, id=one, name=one, email=[f"{one}@example.net"], created_at=NOW))
        for one in ids
    ]
    here = [
        row_of(
            Participant(
                app_id=APP,
                conversation_id=ROOM,
                user_id=one,
                joined_at=NOW,
                reference=new_reference(),
            )
        )
        for one in ids
    ]
    for start in range(0, people, 500):
        connection.execute(insert(table_of(User)), users[start : start + 500])
        connection.execute(insert(table_of(Participant)), here[start : start + 500])
    return ids
