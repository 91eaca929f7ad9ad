"""What an app says when it asks for a reminder: all of it means something, or is refused."""

from typing import Any

import pytest
from pydantic import ValidationError

from gateway.http.bodies.notifications import ReminderBody

EMAIL = {"channels": ["email"]}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "channels: Field required"),
        ({"channels": []}, "channels: List should have at least 1 item"),
        ({"channels": ["sms"]}, "nothing is sent by SMS here; there is email"),
        ({"channels": ["email", "sms"]}, "nothing is sent by SMS here"),
        ({"channels": ["e-mail"]}, "there is no channel 'e-mail'; did you mean 'email'?"),
        ({"channels": ["Email"]}, "did you mean 'email'?"),
        ({"channels": ["push"]}, "there is no channel 'push'; there is email"),
        ({"channels": "email"}, "channels: Input should be a valid list"),
        ({"channel": ["email"]}, "there is no field 'channel' here; did you mean 'channels'?"),
        (EMAIL | {"recipients": []}, "recipients: List should have at least 1 item"),
        (EMAIL | {"recipients": ["b/o"]}, "must not contain a slash"),
        (EMAIL | {"recipient": "bo"}, "did you mean 'recipients'?"),
        (EMAIL | {"recipients": ["bo"] * 101}, "must be at most 100, and these are 101"),
        (EMAIL | {"emailSettings": {"title": "x"}}, "there is no field 'title' here"),
        (EMAIL | {"emailSettings": {"inbox_Url": "x"}}, "did you mean 'inboxUrl'?"),
        (EMAIL | {"emailSettings": {"subject": "{{sender.nam}}"}}, "did you mean {{sender.name}}?"),
        (EMAIL | {"emailSettings": {"footer": "{% if x %}"}}, "is not understood"),
        (EMAIL | {"emailSettings": {"inboxUrl": "javascript:1"}}, "must be a web URL"),
        (EMAIL | {"emailSettings": {"header": "a\0b"}}, "must not contain NUL"),
        (EMAIL | {"smsSettings": {"smsTemplate": "x"}}, "there is no field 'smsSettings' here"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_was_meant(
    body: dict[str, Any], reason: str
) -> None:
    """Nothing is taken that would have no effect."""
    with pytest.raises(ValidationError) as refused:
        ReminderBody.model_validate(body)
    told = " ".join(
        f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in refused.value.errors()
    )

    assert reason in told


def test_only_the_texts_that_are_given_stand_in_for_the_roles() -> None:
    """Null is as if it were left out; an empty text is a text."""
    texts = {"subject": "{{app.name}}", "header": "", "footer": None}

    assert ReminderBody.model_validate(EMAIL | {"emailSettings": texts}).texts() == {
        "subject": "{{app.name}}", "header": "",
    }  # fmt: skip
