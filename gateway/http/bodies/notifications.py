"""What an app says when it asks for a reminder (talkjs-spec, 2.6)."""

from difflib import get_close_matches
from typing import Annotated

from pydantic import AfterValidator, Field

from core.actions.remind import MOST_REMINDED
from core.model.delivery import EMAIL
from gateway.http.bodies.apps import InboxUrl, Template
from gateway.http.bodies.base import Id, JsonBody, Name, few

_CHANNELS = (EMAIL,)


def _channel(name: str) -> str:
    """Refuse a channel by which nothing would leave."""
    if name in _CHANNELS:
        return name
    if name == "sms":
        raise ValueError("nothing is sent by SMS here; there is email")
    near = get_close_matches(name.lower(), _CHANNELS, n=1)
    known = f"did you mean {near[0]!r}?" if near else f"there is {', '.join(_CHANNELS)}"
    raise ValueError(f"there is no channel {name[:60]!r}; {known}")


Channel = Annotated[Name, AfterValidator(_channel)]


class EmailSettings(JsonBody):
    """What a reminder's mail says in the place of its reader's role; macros are filled in."""

    subject: Template | None = None
    header: Template | None = None
    footer: Template | None = None
    inbox_url: InboxUrl | None = None


class ReminderBody(JsonBody):
    """Who is to be reminded, by which channels; without ``recipients`` all who did not answer."""

    channels: Annotated[list[Channel], Field(min_length=1, max_length=10), few(10)]
    recipients: (
        Annotated[list[Id], Field(min_length=1, max_length=MOST_REMINDED), few(MOST_REMINDED)]
        | None
    ) = None
    email_settings: EmailSettings | None = None

    def texts(self) -> dict[str, str]:
        """Return the texts that were given, by the name of the role's."""
        given = self.email_settings.changes() if self.email_settings else {}
        return {name: text for name, text in given.items() if text is not None}
