"""Where an app listens, and what can be changed of it."""

from typing import Annotated

from pydantic import Field

from gateway.http.bodies.base import JsonBody, Name, Url, few


class WebhookBody(JsonBody):
    """Where an app listens."""

    url: Annotated[Url, Field(pattern=r"^https?://")]
    events: Annotated[list[Name], few(50)] | None = None


class WebhookChange(JsonBody):
    """What can be changed of an endpoint."""

    url: Annotated[Url, Field(pattern=r"^https?://")] | None = None
    events: Annotated[list[Name], few(50)] | None = None
    enabled: bool | None = None
