"""Where an app listens, and what can be changed of it."""

from typing import Annotated

from pydantic import AfterValidator, Field

from core.rules.telling import wrong_event
from gateway.http.bodies.base import JsonBody, Name, Url, few


def _event(name: str) -> str:
    """Refuse an event that is never told."""
    if (wrong := wrong_event(name)) is not None:
        raise ValueError(wrong)
    return name


EventName = Annotated[Name, AfterValidator(_event)]


class WebhookBody(JsonBody):
    """Where an app listens."""

    url: Annotated[Url, Field(pattern=r"^https?://")]
    events: Annotated[list[EventName], few(50)] | None = None


class WebhookChange(JsonBody):
    """What can be changed of an endpoint."""

    url: Annotated[Url, Field(pattern=r"^https?://")] | None = None
    events: Annotated[list[EventName], few(50)] | None = None
    enabled: bool | None = None
