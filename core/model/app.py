"""An app: somebody's product, with its settings and its keys (talkjs-spec, 1)."""

from enum import StrEnum

from sqlmodel import SQLModel

from core.model.base import choice, document, key, moment
from core.moment import Moment


class SenderPolicy(StrEnum):
    """Whether the token alone says who writes, or the From address must agree."""

    STRICT = "strict"
    TOKEN = "token"  # noqa: S105  a policy, not a secret


class App(SQLModel, table=True):
    """One app. Its ``number`` names it in address tokens.

    ``email_confidence_threshold``, in thousandths: a reply read with less confidence is marked.
    ``photo_hosts``: from where mails may load the pictures of users; None is from nowhere.
    ``brand``: what ``core.brand`` reads, as far as it was said.
    """

    __tablename__ = "app"

    app_id: str = key()
    number: int = moment(unique=True)
    name: str
    custom: dict[str, str] = document(default_factory=dict)
    default_locale: str = "en-US"
    time_zone: str = "UTC"
    sender_policy: SenderPolicy = choice(SenderPolicy, SenderPolicy.STRICT)
    email_confidence_threshold: int | None = moment(None)
    photo_hosts: list[str] | None = document(default=None)
    brand: dict[str, str | int] | None = document(default=None)
    created_at: Moment = moment()


class ApiKey(SQLModel, table=True):
    """A secret key of an app: it proves requests and signs app tokens; one signs webhooks.

    The secret is kept readable because both signatures need it (talkjs-spec, 3.2 and 8).
    """

    __tablename__ = "api_key"

    app_id: str = key(foreign_key="app.app_id", ondelete="CASCADE")
    id: str = key()
    secret: str
    label: str = ""
    signs_webhooks: bool = False
    created_at: Moment = moment()
    revoked_at: Moment | None = moment(None)
