"""A user: somebody of the app's, under an id the app chose (talkjs-spec, 1.1)."""

from sqlmodel import SQLModel

from core.model.base import document, key, moment
from core.moment import Moment


class User(SQLModel, table=True):
    """One user. Every address in ``email`` is notified; ``aliases`` they only write from."""

    __tablename__ = "user"

    app_id: str = key(foreign_key="app.app_id", ondelete="CASCADE")
    id: str = key()
    name: str
    email: list[str] | None = document(default=None)
    aliases: list[str] | None = document(default=None)
    phone: list[str] | None = document(default=None)
    photo_url: str | None = None
    locale: str | None = None
    time_zone: str | None = None
    role: str | None = None
    welcome_message: str | None = None
    availability_text: str | None = None
    custom: dict[str, str] = document(default_factory=dict)
    push_tokens: dict[str, bool] | None = document(default=None)
    created_at: Moment = moment()
