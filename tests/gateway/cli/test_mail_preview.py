"""What `mail preview` and `mail test` ask, and what they tell."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.gateway.cli.test_commands import APPS, Api, run

MAIL: dict[str, Any] = {
    "madeUp": True, "subject": "Re: The red bike", "from": "Ann via Shop <n@shop.example>",
    "to": "Bo <bo@x.example>", "language": "en", "text": "Come at five.\n",
    "html": "<p>light</p>", "dark": "<p>dark</p>", "narrow": "<p>narrow</p>", "rtl": "<p>rtl</p>",
    "raw": "From: Ann\n\nCome\u202e\n", "size": {"mail": 900, "html": 500, "text": 14},
    "findings": [
        {
            "name": "not_signed", "gravity": "warning", "sentence": "It is not signed.",
            "mend": "Sign it.",
        }
    ],
}  # fmt: skip
SENT: dict[str, Any] = {
    "to": "me@x.example", "outcome": "accepted", "cause": None, "code": 250, "enhanced": "2.0.0",
    "said": "Taken", "messageId": "<t@x>", "findings": [],
}  # fmt: skip


def _api(path: str, answer: Any, status: int = 200) -> Api:
    return Api({"GET /admin/apps": (200, APPS), f"POST /v1/shop/mail/{path}": (status, answer)})


def test_a_preview_is_read_in_a_terminal() -> None:
    """Who, what, how large, the words, and what is wrong with it."""
    api = _api("preview", MAIL)

    result = run(api, "mail", "preview", "bike", "bo", "--locale", "de")

    assert result.exit_code == 0
    assert api.asked[-1][2] == {"conversationId": "bike", "userId": "bo", "locale": "de"}
    assert result.output.splitlines() == [
        "From: Ann via Shop <n@shop.example>",
        "To: Bo <bo@x.example>",
        "Subject: Re: The red bike",
        "Size: 900 octets, of which HTML 500, text 14",
        "",
        "Come at five.",
        "",
        "warning: It is not signed. (not_signed)",
        "    Sign it.",
    ]


@pytest.mark.parametrize("look", ["light", "dark", "narrow", "rtl"])
def test_the_page_is_written_to_a_file(tmp_path: Path, look: str) -> None:
    """As somebody sees it, and opened by nobody."""
    file = tmp_path / "mail.html"

    result = run(_api("preview", MAIL), "mail", "preview", "--html", str(file), "--look", look)

    assert result.exit_code == 0
    assert file.read_text() == f"<p>{look}</p>"


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """In a sentence."""
    file = tmp_path / "nowhere" / "mail.html"

    result = run(_api("preview", MAIL), "mail", "preview", "--html", str(file))

    assert result.exit_code == 2
    assert "cannot be written" in result.output


def test_the_octets_go_into_a_pipe_as_they_are() -> None:
    """--raw, for whoever reads them with another program; --json tells all."""
    raw = run(_api("preview", MAIL), "mail", "preview", "--raw")
    told = run(_api("preview", MAIL), "mail", "preview", "--json")

    assert raw.stdout == f"{MAIL['raw']}\n"
    assert json.loads(told.stdout)["size"] == MAIL["size"]


def test_a_test_tells_what_the_relay_said() -> None:
    """Its reply, and under which id the mail can be looked for."""
    api = _api("test", SENT)

    result = run(api, "mail", "test", "me@x.example", "--role", "seller")

    assert api.asked[-1][2] == {"to": "me@x.example", "role": "seller"}
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "me@x.example: accepted: the relay said '250 Taken'. Its Message-ID is <t@x>.",
        "Nothing is wrong with it.",
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"outcome": "failed", "code": 550, "said": "No", "cause": "other"}, "'550 No' (other)"),
        ({"outcome": "deferred", "code": 0, "said": "refused", "cause": "connection"}, "refused"),
        ({"outcome": "deferred", "code": None, "said": None, "cause": None}, "no answer"),
    ],
)
def test_a_test_that_was_not_taken_fails(changes: dict[str, Any], words: str) -> None:
    """With exit code 1 and the relay's words."""
    result = run(_api("test", SENT | changes), "mail", "test", "me@x.example")

    assert result.exit_code == 1
    assert words in result.output
