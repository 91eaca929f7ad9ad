"""What an inbox shows: subject, sender, list."""

import pytest

from notifier.rendering.titles import list_name, own_subject, sender_name, subject


@pytest.mark.parametrize(
    ("title", "others", "locale", "text"),
    [
        pytest.param("Order 1", ["Ann"], "en", "Re: Order 1", id="the conversation's title"),
        pytest.param("RE: Order 1", [], "en", "RE: Order 1", id="never Re: twice"),
        pytest.param(None, ["Ann", "Cy"], "de", "Re: Unterhaltung mit Ann und Cy", id="names"),
        pytest.param(" ", ["\u202e"], "en", "Re: Conversation with Someone", id="nobody known"),
        pytest.param("a\r\nBcc: x", [], "en", "Re: a Bcc: x", id="one line"),
    ],
)
def test_subjects(title: str | None, others: list[str], locale: str, text: str) -> None:
    """A subject depends on the conversation alone, so that its mails are one thread."""
    assert subject(title, others, locale) == text


def test_a_roles_own_subject() -> None:
    """A role's subject is taken as it is; an empty one is none."""
    assert own_subject("News\nfrom Acme") == "News from Acme"
    assert own_subject(" \n") is None


@pytest.mark.parametrize(
    ("names", "text"),
    [
        pytest.param(["Ann"], "Ann via Acme", id="one author"),
        pytest.param(["Ann", "Ann"], "Ann via Acme", id="the same author twice"),
        pytest.param(["Ann", "Cy"], "Ann and Cy via Acme", id="two authors"),
        pytest.param(["Ann", "Bo", "Cy", "Di"], "Ann, Bo, and 2 others via Acme", id="many"),
        pytest.param(["A" * 60, "B" * 60], "Acme", id="two with long names"),
        pytest.param(["A" * 90], "A" * 79 + "… via Acme", id="one with a long name"),
        pytest.param([""], "Acme", id="nobody"),
    ],
)
def test_the_sender(names: list[str], text: str) -> None:
    """Who wrote is named with the app, as far as an inbox shows it; nobody is the app."""
    assert sender_name(names, "Acme", "en") == text


def test_the_list() -> None:
    """A list's name is said in the reader's language."""
    assert list_name("Acme", "fr") == "Messages Acme"
