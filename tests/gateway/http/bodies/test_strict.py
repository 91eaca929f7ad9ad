"""What a body does not understand is refused with what was meant; the exceptions are one list."""

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from core.model.role import Role
from gateway.http.bodies import apps, base, conversations, messages, users
from gateway.http.bodies.talkjs_fields import TAKEN_FOR_TALKJS

BODIES = {
    one.__name__: one
    for module in (apps, conversations, messages, users)
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, base.JsonBody) and one is not base.JsonBody
}


def _refused(body: str, given: Mapping[str, Any]) -> str:
    with pytest.raises(ValidationError) as told:
        BODIES[body].model_validate(given)
    return str(told.value.errors()[0]["msg"])


@pytest.mark.parametrize(
    ("body", "given", "said"),
    [
        pytest.param("RoleBody", {"theem": "dark"}, "no field 'theem'", id="a theme"),
        pytest.param("RoleBody", {"smsEnabled": True}, "no field 'smsEnabled'", id="messages"),
        pytest.param("RoleBody", {"inboxURL": "x"}, "did you mean 'inboxUrl'?", id="capitals"),
        pytest.param("RoleBody", {"timeoutSecond": 5}, "'timeoutSeconds'?", id="one letter"),
        pytest.param("RoleBody", {"Betreff": "x"}, "there are backOffAfter, brand", id="in German"),
        pytest.param("UserBody", {"timezone": "UTC"}, "did you mean 'timeZone'?", id="a zone"),
        pytest.param("UserBody", {"emails": []}, "did you mean 'email'?", id="of many"),
        pytest.param("ConversationBody", {"topic": "x"}, "no field 'topic'", id="a topic"),
        pytest.param("ParticipantBody", {"notified": True}, "no field", id="a setting"),
        pytest.param("MessageBody", {"type": "UserMessage", "body": "x"}, "no field", id="words"),
        pytest.param(
            "MessageBody",
            {"type": "UserMessage", "timestamp": 1},
            "no field",
            id="a time of before",
        ),
        pytest.param("EditBody", {"content": []}, "no field 'content'", id="blocks"),
        pytest.param("SessionBody", {"isFocused": True}, "did you mean 'hasFocus'?", id="a page"),
        pytest.param("AppBody", {"locale": "de"}, "no field 'locale'", id="an app"),
        pytest.param("RoleBody", {"timeoutSeconds": 901}, "from 0 to 900 (seconds)", id="too long"),
        pytest.param("RoleBody", {"timeoutSeconds": -1}, "from 0 to 900", id="less than none"),
        pytest.param("RoleBody", {"timeoutSeconds": 1.5}, "a whole number from 0", id="a half"),
        pytest.param("RoleBody", {"timeoutSeconds": True}, "a whole number", id="yes"),
        pytest.param("RoleBody", {"timeoutSeconds": "soon"}, "a whole number", id="a word"),
        pytest.param("RoleBody", {"timeoutSeconds": "9" * 5000}, "a whole number", id="digits"),
        pytest.param(
            "RoleBody", {"timeoutSeconds": "--5"}, "must be a whole number", id="two signs"
        ),
        pytest.param("RoleBody", {"maxWaitSeconds": 86_401}, "from 0 to 86400", id="over a day"),
        pytest.param("SessionBody", {"ttl": 301}, "from 0 to 300 (seconds)", id="a page too long"),
        pytest.param("RoleBody", {"inboxUrl": "javascript:alert(1)"}, "a web URL", id="a script"),
        pytest.param("RoleBody", {"subject": "{{sender.nam}}"}, "{{sender.name}}", id="a macro"),
        pytest.param("RoleBody", {"optOutText": "{{app.name}}"}, "not filled in", id="no macros"),
        pytest.param("UserBody", {"locale": "xx-nonsense"}, "no language", id="a locale"),
        pytest.param("UserBody", {"timeZone": "Mars/Olympus"}, "no IANA time zone", id="Mars"),
        pytest.param("AppBody", {"defaultLocale": "klingonish"}, "language", id="the app's locale"),
        pytest.param("AppBody", {"timeZone": "Berlin"}, "Europe/Berlin?", id="the app's zone"),
    ],
)
def test_what_is_not_understood_is_refused(body: str, given: Mapping[str, Any], said: str) -> None:
    """With the nearest there is, or with the range."""
    assert said in _refused(body, given)


@pytest.mark.parametrize("body", sorted(TAKEN_FOR_TALKJS))
def test_what_clients_of_talkjs_write_back_is_taken(body: str) -> None:
    """Each exception is a field that the body itself does not know, and it changes nothing."""
    known = {one.alias for one in BODIES[body].model_fields.values()}
    needed = {"type": "UserMessage"} if body == "MessageBody" else {}
    given = dict.fromkeys(TAKEN_FOR_TALKJS[body], "as it was read") | needed

    read = BODIES[body].model_validate(given)

    assert not TAKEN_FOR_TALKJS[body] & known
    assert read.model_dump(exclude_unset=True) == needed


@pytest.mark.parametrize(
    ("body", "given"),
    [
        pytest.param(
            "UserBody",
            {
                "id": "42", "name": "Ines", "email": ["ines@example.org"], "phone": ["+351912"],
                "photoUrl": "/test.jpeg", "locale": "pt-PT", "role": "buyer", "custom": {"a": "1"},
                "welcomeMessage": "Hi", "availabilityText": "now", "createdAt": 1_700_000_000_000,
                "headerPhotoUrl": None, "pushTokens": {"fcm:abc": True}, "configuration": "buyer",
            },
            id="a user that was read",
        ),
        pytest.param(
            "ConversationBody",
            {"id": "c", "topicId": "c", "participants": ["a"], "welcomeMessages": None},
            id="an older conversation",
        ),
        pytest.param(
            "MessageBody",
            {"type": "SystemMessage", "text": "Hi", "custom": {}, "attachmentToken": None},
            id="a message of an old library",
        ),
        pytest.param("PresencesBody", {"includeBackgroundSessions": True}, id="who is online"),
        pytest.param("RoleBody", {"timeoutSeconds": "5", "maxWaitSeconds": 5.0}, id="numbers"),
    ],
)  # fmt: skip
def test_what_clients_of_talkjs_send_is_taken(body: str, given: Mapping[str, Any]) -> None:
    """As libraries and apps in the field write it."""
    BODIES[body].model_validate(given)


def test_what_was_set_before_is_shown_as_it_stands() -> None:
    """A role of before its settings were checked can be read, and mended."""
    old = Role(app_id="a", name="old", inbox_url="javascript:x", subject="{{nobody}}")

    shown = apps.role_shape(old)

    assert (shown["inboxUrl"], shown["subject"]) == ("javascript:x", "{{nobody}}")
    assert shown["timeoutSeconds"] == 120
