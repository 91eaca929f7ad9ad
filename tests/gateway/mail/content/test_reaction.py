"""A reaction is told from a reply: exactly where its part is as its form says (peers 5, row 38)."""

import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.mail.content.reaction import reaction_of, unwanted_reaction
from gateway.mail.parse import Mail, parse
from tests.support.letters import HEAD, multi, text

GMAIL = "text/vnd.google.email-reaction+json"
PARENT = "In-Reply-To: <dlv_1@reply.test>\r\n"


def part(said: Any, *more: str) -> str:
    """Write Gmail's part."""
    return text(said if isinstance(said, str) else json.dumps(said), *more, kind=GMAIL)


def reaction(said: Any, *more: str) -> str:
    """Write what Gmail sends: words, its part, and HTML."""
    return multi("alternative", text("👍"), part(said, *more), text("<p>👍", kind="text/html"))


def read(body: str, parent: str = PARENT) -> Mail:
    """Write and read a mail that answers ours."""
    return parse((HEAD + parent + body).encode())


def encoded(octets: bytes) -> str:
    """Write Gmail's part in base64, as the whole mail."""
    head = f"Content-Type: {GMAIL}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head + b64encode(octets).decode()


@pytest.mark.parametrize(
    ("body", "emoji"),
    [
        pytest.param(reaction({"emoji": "🙃", "version": 1}), "🙃", id="between text and HTML"),
        pytest.param(part({"version": 1, "emoji": "❤"}), "❤\ufe0f", id="the whole mail"),
        pytest.param(reaction('{"version":1,"emoji":"👍","more":[]}'), "👍", id="with more"),
        pytest.param(encoded(b'{"version": 1, "emoji": "\xf0\x9f\x8e\x89"}'), "🎉", id="base64"),
        pytest.param(
            multi("related", reaction({"version": 1, "emoji": "🎉"}), boundary="r"),
            "🎉",
            id="within related, where the mail it answers had pictures",
        ),
        pytest.param(
            multi("mixed", text("👍", "Content-Disposition: reaction"), text("Bo reacted")),
            "👍",
            id="RFC 9078",
        ),
    ],
)
def test_a_reaction_is_its_emoji(body: str, emoji: str) -> None:
    """The forms programs send, each with the emoji in its one spelling."""
    assert reaction_of(read(body)) == emoji


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(text("👍"), id="an emoji in words"),
        pytest.param(reaction({"version": 2, "emoji": "👍"}), id="another version"),
        pytest.param(reaction({"version": "1", "emoji": "👍"}), id="a version in quotes"),
        pytest.param(reaction({"version": True, "emoji": "👍"}), id="a version that is true"),
        pytest.param(reaction({"emoji": "👍"}), id="no version"),
        pytest.param(reaction({"version": 1}), id="no emoji"),
        pytest.param(reaction({"version": 1, "emoji": ["👍"]}), id="an emoji in a list"),
        pytest.param(reaction({"version": 1, "emoji": "👍🎉"}), id="two emoji"),
        pytest.param(reaction({"version": 1, "emoji": "yes"}), id="a word"),
        pytest.param(reaction({"version": 1, "emoji": ":+1:"}), id="a name in colons"),
        pytest.param(reaction("[" * 1_900), id="brackets without end"),
        pytest.param(reaction("not JSON"), id="no JSON"),
        pytest.param(reaction({"version": 1, "emoji": "👍", "x": "x" * 2_000}), id="too long"),
        pytest.param(encoded(b'{"version": 1, "emoji": "\xff"}'), id="no UTF-8"),
        pytest.param(
            reaction({"version": 1, "emoji": "👍"}, "Content-Disposition: attachment"),
            id="an attachment",
        ),
        pytest.param(
            multi("mixed", *[part({"version": 1, "emoji": "👍"})] * 2), id="two reactions"
        ),
        pytest.param(
            multi(
                "mixed",
                text("See below"),
                "Content-Type: message/rfc822\r\n\r\n" + part({"version": 1, "emoji": "👍"}),
            ),
            id="somebody else's, forwarded",
        ),
    ],
)
def test_what_is_not_as_its_form_says_is_none(body: str) -> None:
    """Such a mail is a mail like any other."""
    assert reaction_of(read(body)) is None


@pytest.mark.parametrize(
    "parent",
    [
        pytest.param("", id="nothing"),
        pytest.param("In-Reply-To: <a@x> <b@x>\r\n", id="two"),
        pytest.param("In-Reply-To: yours of Monday\r\n", id="no id"),
    ],
)
def test_a_reaction_answers_one_mail(parent: str) -> None:
    """Without a single mail in In-Reply-To there is nothing to react to."""
    assert reaction_of(read(reaction({"version": 1, "emoji": "👍"}), parent)) is None


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_octets_never_break_it(octets: bytes) -> None:
    """Whatever the part holds, there is an answer."""
    assert reaction_of(read(encoded(octets))) is None


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            text("👍   Kim Doe reacted to your message:\r\n________\r\nFrom: Acme"), id="Outlook"
        ),
        pytest.param(
            text(
                "<head><style>p {}</style></head><body><div><img alt=x></div>"
                "<div><b>Kim</b> reacted to your&nbsp;message:</div><hr>From: Acme",
                kind="text/html",
            ),
            id="Outlook, HTML alone",
        ),
        pytest.param(text("Kim hat auf Ihre Nachricht reagiert:"), id="in German"),
        pytest.param(
            text("👍\r\n\r\nKim reacciona\r\n<https://www.google.com/gmail/about/"
                 "?utm_source=x&utm_campaign=emojireactionemail#app>"),
            id="Gmail's words without its part",
        ),
    ],
)  # fmt: skip
def test_words_that_tell_of_a_reaction(body: str) -> None:
    """A program's sentence about a reaction is known in text and in HTML."""
    assert unwanted_reaction(read(body))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(text("👍"), id="an emoji that somebody wrote"),
        pytest.param(text("Great, Kim reacted to your message as I had hoped."), id="going on"),
        pytest.param(text("Reacted to your message"), id="nobody"),
        pytest.param(
            text("Yes.\r\nWe do.\r\nOn Monday.\r\nAt nine.\r\nKim reacted to your message:"),
            id="further down",
        ),
        pytest.param(text(f"{'so ' * 60}Kim reacted to your message"), id="a long line"),
        pytest.param(text(""), id="nothing"),
    ],
)
def test_words_of_people_are_left_alone(body: str) -> None:
    """What somebody writes about reactions is a reply."""
    assert not unwanted_reaction(read(body))
