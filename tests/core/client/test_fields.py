"""What a command's NAME=VALUE words say: JSON or text, and one field within another."""

from typing import Any

import pytest

from core.client.command import fields
from core.errors import SettingsError


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["name=Shop"], {"name": "Shop"}),
        (["timeoutSeconds=60", "smsEnabled=false"], {"timeoutSeconds": 60, "smsEnabled": False}),
        (["brand.accentColor=#0af"], {"brand": {"accentColor": "#0af"}}),
        (
            ["brand.logoWidth=120", "brand.buttonText=Open = go"],
            {"brand": {"logoWidth": 120, "buttonText": "Open = go"}},
        ),
        (['brand={"logoWidth":1}', "brand.logoHeight=2"],
         {"brand": {"logoWidth": 1, "logoHeight": 2}}),
        (["custom.greeting:fr=Bonjour"], {"custom": {"greeting:fr": "Bonjour"}}),
        (["custom.a.b=x"], {"custom": {"a.b": "x"}}),
        (["brand.accentColor=null"], {"brand": {"accentColor": None}}),
        (["inboxUrl=https://shop.example/?a.b=c"], {"inboxUrl": "https://shop.example/?a.b=c"}),
        (["x.=1"], {"x.": 1}),
    ],
)  # fmt: skip
def test_words_are_read(words: list[str], said: dict[str, Any]) -> None:
    """As the API names fields."""
    assert fields(words) == said


@pytest.mark.parametrize("words", [["name"], ["=x"], ["brand=red", "brand.accentColor=#0af"]])
def test_what_says_nothing_is_told(words: list[str]) -> None:
    """With the word that is wrong."""
    with pytest.raises(SettingsError, match=words[-1]):
        fields(words)
