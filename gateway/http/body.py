"""What callers may write: plain models at the edge, with talkjs-spec's merge rules.

Fields left out are left alone, null resets; ``changes`` returns just what was given, in our own
names. Foreign text passes through here first: NUL and lone surrogates never reach the database.
"""

import math
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FiniteFloat
from pydantic.alias_generators import to_camel

from core.mailbox import is_mailbox
from gateway.http.blocks import MOST_NODES, MOST_TEXT

_BIGGEST = 1 << 63
_DEEPEST = 32


def _clean(text: str) -> str:
    if "\0" in text:
        raise ValueError("must not contain NUL")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must be well-formed Unicode") from None
    return text


def _address(text: str) -> str:
    if not is_mailbox(text):
        raise ValueError(f"{text[:60]!r} is not an email address")
    return text


def _clean_tree(tree: Any) -> Any:
    """Refuse JSON that is too deep or too much, and what no database or reader takes."""
    todo = [(tree, 1)]
    for seen, (one, depth) in enumerate(todo, 1):  # grows while it is walked
        if seen > MOST_NODES or depth > _DEEPEST:
            raise ValueError(f"must be at most {_DEEPEST} levels deep and {MOST_NODES} values")
        match one:
            case str():
                _clean(one)
            case float() if not math.isfinite(one):
                raise ValueError("must hold finite numbers")
            case int() if not -_BIGGEST <= one < _BIGGEST:
                raise ValueError("must hold numbers of 64 bits")
            case dict():
                todo += [(part, depth + 1) for pair in one.items() for part in pair]
            case list():
                todo += [(part, depth + 1) for part in one]
            case _:  # null, true, false, a number within bounds
                pass
    return tree


Text = Annotated[str, AfterValidator(_clean), Field(max_length=MOST_TEXT)]
Name = Annotated[str, AfterValidator(_clean), Field(min_length=1, max_length=255)]
Url = Annotated[str, AfterValidator(_clean), Field(max_length=2_000)]
Address = Annotated[str, AfterValidator(_clean), AfterValidator(_address)]
Custom = Annotated[dict[Name, Annotated[str, AfterValidator(_clean)] | None], Field(max_length=50)]


Moment = Annotated[int, Field(ge=0, lt=_BIGGEST)]


class Body(BaseModel):
    """A JSON object in camel case; unknown fields are ignored, as TalkJS does."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")

    def changes(self, *resets: tuple[str, Any]) -> dict[str, Any]:
        """Return the fields that were given; a null becomes its field's reset value."""
        values = dict(resets)
        given = self.model_dump(exclude_unset=True)
        return {k: values.get(k) if v is None and k in values else v for k, v in given.items()}


class AppBody(Body):
    """What can be changed of an app."""

    id: Annotated[Name, Field(pattern=r"^[^/]+$")] | None = None
    name: Name | None = None
    custom: Custom | None = None
    default_locale: Name | None = None
    time_zone: Name | None = None
    sender_policy: Literal["strict", "token"] | None = None


class UserBody(Body):
    """What can be said of a user (talkjs-spec, 1.1)."""

    name: Name | None = None
    email: Annotated[list[Address], Field(max_length=20)] | None = None
    phone: Annotated[list[Name], Field(max_length=20)] | None = None
    photo_url: Url | None = None
    locale: Name | None = None
    time_zone: Name | None = None
    role: Name | None = None
    welcome_message: Text | None = None
    availability_text: Text | None = None
    custom: Custom | None = None
    push_tokens: dict[Name, bool | None] | None = None


class ConversationBody(Body):
    """What can be said of a conversation (talkjs-spec, 1.2)."""

    subject: Annotated[Text, Field(max_length=500)] | None = None
    photo_url: Url | None = None
    welcome_messages: Annotated[list[Text], Field(max_length=20)] | None = None
    custom: Custom | None = None
    participants: Annotated[list[Name], Field(max_length=300)] | None = None


class ParticipantBody(Body):
    """What a participant may do and hear (talkjs-spec, 1.3)."""

    access: Literal["ReadWrite", "Read", "None"] | None = None
    notify: bool | Literal["MentionsOnly"] | None = None


class MessageBody(Body):
    """A message to be sent (talkjs-spec, 2.5)."""

    type: Literal["UserMessage", "SystemMessage"]
    sender: Name | None = None
    text: Text | None = None
    content: (
        Annotated[list[dict[str, Any]], Field(max_length=20), AfterValidator(_clean_tree)] | None
    ) = None
    location: Annotated[list[FiniteFloat], Field(min_length=2, max_length=2)] | None = None
    attachment_token: Any = None
    referenced_message_id: Name | None = None
    custom: Custom | None = None
    idempotency_key: Name | None = None


class EditBody(Body):
    """What can be changed of a message."""

    text: Text | None = None
    custom: Custom | None = None


class SessionBody(Body):
    """What an open page tells of itself."""

    selected_conversation_id: Name | None = None
    has_focus: bool = False
    is_typing: bool = False
    ttl: Annotated[int, Field(ge=0, le=300)] = 30


class PresencesBody(Body):
    """Whose presence is asked for (talkjs-spec, 2.7); left out means all."""

    user_ids: Annotated[list[Name], Field(max_length=1_000)] | None = None
    selected_conversation_id: Name | None = None
    has_focus: bool | None = None
    is_typing: bool | None = None


class RoleBody(Body):
    """The settings of a role (talkjs-spec, 4.6 and 5.1)."""

    email_enabled: bool | None = None
    timeout_seconds: Annotated[int, Field(ge=0, le=900)] | None = None
    max_wait_seconds: Annotated[int, Field(ge=0, le=86_400)] | None = None
    subject: Text | None = None
    header: Text | None = None
    footer: Text | None = None
    inbox_url: Url | None = None
    opt_out_text: Text | None = None


class WebhookBody(Body):
    """Where an app listens."""

    url: Annotated[Url, Field(pattern=r"^https?://")]
    events: Annotated[list[Name], Field(max_length=50)] | None = None


class WebhookChange(Body):
    """What can be changed of an endpoint."""

    url: Annotated[Url, Field(pattern=r"^https?://")] | None = None
    events: Annotated[list[Name], Field(max_length=50)] | None = None
    enabled: bool | None = None


class ReadBody(Body):
    """Until when a user has read; ``sent`` as far as to what they sent themselves."""

    read_until: Moment | Literal["sent"]
