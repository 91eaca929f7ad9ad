"""A role: a bundle of settings; a user has one at a time (talkjs-spec, 4.6 and 5.1)."""

from sqlmodel import SQLModel

from core.model.base import document, key

DEFAULT_ROLE = "default"


class Role(SQLModel, table=True):
    """One role of an app. Texts are templates with macros; None means the built-in wording.

    ``quiet_hours``: of who has chosen none of their own; None: there are none.
    ``mails_per_hour`` and ``mails_per_day``: so many digests for one person; None: any number.
    ``back_off_after``: so many that nobody looked at, and the next ones wait; None: they do not.
    ``critical_bypass``: critical messages pass all of these.
    ``brand``: what it says over the app's own (``core.brand``).
    """

    __tablename__ = "role"

    app_id: str = key(foreign_key="app.app_id", ondelete="CASCADE")
    name: str = key()
    email_enabled: bool = True
    timeout_seconds: int = 120
    max_wait_seconds: int = 900
    quiet_hours: str | None = None
    mails_per_hour: int | None = None
    mails_per_day: int | None = None
    back_off_after: int | None = None
    critical_bypass: bool = False
    subject: str | None = None
    header: str | None = None
    footer: str | None = None
    inbox_url: str | None = None
    opt_out_text: str | None = None
    theme_html: str | None = None
    theme_text: str | None = None
    brand: dict[str, str | int] | None = document(default=None)
