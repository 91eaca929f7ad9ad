"""What can be said, and what can be changed of what was said."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, FiniteFloat

from gateway.http.bodies.base import Custom, Id, JsonBody, Name, Text, clean_tree, few


class MessageBody(JsonBody):
    """A message to be sent (talkjs-spec, 2.5)."""

    type: Literal["UserMessage", "SystemMessage"]
    sender: Id | None = None
    text: Text | None = None
    content: Annotated[list[dict[str, Any]], few(20), AfterValidator(clean_tree)] | None = None
    location: Annotated[list[FiniteFloat], few(2, 2)] | None = None
    attachment_token: Any = None
    referenced_message_id: Name | None = None
    custom: Custom | None = None
    idempotency_key: Name | None = None
    critical: bool | None = None


class EditBody(JsonBody):
    """What can be changed of a message."""

    text: Text | None = None
    custom: Custom | None = None
