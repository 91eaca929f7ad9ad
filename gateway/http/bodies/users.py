"""What can be said of a user, and of the pages they have open."""

from typing import Annotated, Literal

from pydantic import Field

from gateway.http.bodies.base import (
    Address,
    Custom,
    GivenMoment,
    Id,
    JsonBody,
    LocaleTag,
    Name,
    Text,
    Url,
    Zone,
    few,
    within,
)


class UserBody(JsonBody):
    """What can be said of a user (talkjs-spec, 1.1)."""

    name: Name | None = None
    email: Annotated[list[Address], few(20)] | None = None
    phone: Annotated[list[Name], few(20)] | None = None
    photo_url: Url | None = None
    locale: LocaleTag | None = None
    time_zone: Zone | None = None
    role: Name | None = None
    welcome_message: Text | None = None
    availability_text: Text | None = None
    custom: Custom | None = None
    push_tokens: Annotated[dict[Name, bool | None], few(1_000)] | None = None


class ReadBody(JsonBody):
    """Until when a user has read; ``sent`` as far as to what they sent themselves."""

    read_until: GivenMoment | Literal["sent"]


class SessionBody(JsonBody):
    """What an open page tells of itself. ``idle_seconds``: since when nobody has touched it."""

    selected_conversation_id: Id | None = None
    has_focus: bool = False
    is_typing: bool = False
    idle_seconds: Annotated[int, within(0, 86_400, "seconds"), Field(ge=0, le=86_400)] | None = None
    ttl: Annotated[int, within(0, 300, "seconds"), Field(ge=0, le=300)] = 30


class PresencesBody(JsonBody):
    """Whose presence is asked for (talkjs-spec, 2.7); left out means all."""

    user_ids: Annotated[list[Name], few(1_000)] | None = None
    selected_conversation_id: Id | None = None
    has_focus: bool | None = None
    is_typing: bool | None = None
