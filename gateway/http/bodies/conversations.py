"""How conversations are asked for, and what can be said of one and who is in it."""

import json
from typing import Annotated, Literal
from urllib.parse import unquote

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from core.errors import InvalidRequest
from core.store.listing import ConversationQuery
from gateway.http.bodies.base import Custom, GivenMoment, Id, JsonBody, Text, Url, few


class ConversationBody(JsonBody):
    """What can be said of a conversation (talkjs-spec, 1.2)."""

    subject: Annotated[Text, Field(max_length=500)] | None = None
    photo_url: Url | None = None
    welcome_messages: Annotated[list[Text], few(20)] | None = None
    custom: Custom | None = None
    participants: Annotated[list[Id], few(300)] | None = None


class ParticipantBody(JsonBody):
    """What a participant may do and hear (talkjs-spec, 1.3); ``muted_until`` is ours."""

    access: Literal["ReadWrite", "Read", "None"] | None = None
    notify: bool | Literal["MentionsOnly"] | None = None
    muted_until: GivenMoment | None = None


class Paging(BaseModel):
    """How a list of conversations is asked for (talkjs-spec, 2.2)."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")

    limit: int = Field(10, ge=1, le=100)
    starting_after: str | None = None
    last_message_after: GivenMoment | None = None
    last_message_before: GivenMoment | None = None
    order_by: Literal["lastActivity", "createdAt"] = "lastActivity"
    order_direction: Literal["ASC", "DESC"] = "DESC"
    filter: str | None = None


Listing = Annotated[Paging, Query()]


def listing(paging: Paging) -> ConversationQuery:
    """Return what is wanted; the filter is decoded until it parses (some clients do it twice)."""
    return ConversationQuery(
        limit=paging.limit,
        after=paging.starting_after,
        last_message_after=paging.last_message_after,
        last_message_before=paging.last_message_before,
        by_creation=paging.order_by == "createdAt",
        ascending=paging.order_direction == "ASC",
        custom=_custom_filter(paging.filter),
    )


def _custom_filter(text: str | None) -> dict[str, str] | None:
    for _ in range(3):
        if text is None:
            return None
        try:
            custom = json.loads(text).get("custom", {})
        except (ValueError, AttributeError, RecursionError):
            text = unquote(text)
            continue
        if isinstance(custom, dict) and all(isinstance(one, str) for one in custom.values()):
            return custom
        break
    raise InvalidRequest('filter: must be JSON such as {"custom": {"orderId": "8841"}}')
