"""What is set of a role is taken or refused; what may be right is taken with a word about it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.clock import SetClock
from core.store.database import Database
from notifier.channels.email.relay import SmtpRelay
from notifier.channels.email.write import MailWriter
from notifier.preview import Previews
from tests.support.api import Api, a_shop
from tests.support.notifying import IDENTITY


def _nowhere() -> SmtpRelay:
    raise AssertionError("nothing is sent")


@pytest.fixture
async def shop(database: Database, clock: SetClock) -> AsyncIterator[Api]:
    """Open the application of a process that writes mails."""
    previews = Previews(MailWriter(IDENTITY), _nowhere)
    async with a_shop(database, clock, previews=previews) as one:
        custom = {"greeting": "Hello", "motto:fr": "Vite !", "motto:de": "Schnell!"}
        await one.ask("PUT", "", {"custom": custom, "defaultLocale": "en-US"})
        yield one


@pytest.mark.parametrize(
    ("settings", "name", "words"),
    [
        (
            {"header": "{{app.custom.greting}}"},
            "field_empty",
            "did you mean {{app.custom.greeting}}?",
        ),
        ({"footer": "{{app.custom.imprint}}"}, "field_empty", "the app has no such field."),
        ({"header": "{{app.custom.motto}}"}, "field_empty", "in none of de, fr."),
        ({"inboxUrl": "https://x.example/{{app.custom.path}}"}, "field_empty", "no such field"),
        ({"subject": "NEWS FROM THE SHOP"}, "subject_shouts", "capitals"),
        ({"subject": "Come now!!"}, "subject_marks", "exclamation"),
        ({"footer": "Go to <https://evil.example|bank.example>"}, "", ""),
        ({"header": "a" * 9_000}, "", ""),
        ({"subject": "{{sender.name}} wrote", "header": "{{app.custom.greeting}}"}, "", ""),
        ({"timeoutSeconds": 5}, "", ""),
        ({"subject": None}, "", ""),
    ],
)
async def test_what_was_set_is_looked_at(
    shop: Api, settings: dict[str, Any], name: str, words: str
) -> None:
    """In a made-up mail, at once; what the installation lacks is not told of a role."""
    answer = (await shop.ask("PUT", "/roles/default", settings)).json()

    assert [one["name"] for one in answer["warnings"]] == ([name] if name else [])
    assert words in str(answer["warnings"])
    assert "warnings" not in await shop.get("/roles/default")


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{{app.custom.greeting:fr}}", "write {{app.custom.greeting}}"),
        ("{{app.ID}}", "did you mean {{app.id}}?"),
        ("{{user.locales}}", "did you mean {{user.locale}}?"),
    ],
)
async def test_what_no_mail_fills_in_is_refused(shop: Api, template: str, words: str) -> None:
    """With what was meant."""
    answer = await shop.ask("PUT", "/roles/default", {"header": template})

    assert answer.status_code == 400
    assert words in answer.text
