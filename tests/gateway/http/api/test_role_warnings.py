"""What is set of a role is taken or refused; what may be right is taken with a word about it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.clock import SetClock
from core.store.database import Database
from tests.support.api import Api, a_shop
from tests.support.previews import the_previews


@pytest.fixture
async def shop(database: Database, clock: SetClock) -> AsyncIterator[Api]:
    """Open the application of a process that writes mails."""
    async with a_shop(database, clock, previews=the_previews()) as one:
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


THEME = "<h1>{{ title }}</h1>{% for m in messages %}<p>{{ m.formattedText }}</p>{% endfor %}"


async def test_a_theme_is_tried_when_it_is_set(shop: Api) -> None:
    """One that works is kept, and taken away by null; one that does not changes nothing."""
    fine = await shop.ask("PUT", "/roles/default", {"themeHtml": THEME})
    wrong = await shop.ask(
        "PUT", "/roles/default", {"themeHtml": "\n{{ sender.nmae }}", "timeoutSeconds": 7}
    )
    kept = await shop.get("/roles/default")
    await shop.ask("PUT", "/roles/default", {"themeHtml": None})

    assert fine.json()["warnings"] == []
    assert wrong.status_code == 400
    assert wrong.json()["reasons"] == [
        "themeHtml: line 2: no mail has 'nmae'; did you mean 'name'?"
    ]
    assert (kept["themeHtml"], kept["timeoutSeconds"]) == (THEME, 120)
    assert (await shop.get("/roles/default"))["themeHtml"] is None


async def test_a_new_role_may_come_with_its_theme(shop: Api) -> None:
    """And what is found in a mail of it is told."""
    pale = "<p style='color:#bbb'>{{ title }}</p>"
    answer = await shop.ask("PUT", "/roles/seller", {"themeHtml": pale, "themeText": "{{ news }}"})

    assert {one["name"] for one in answer.json()["warnings"]} == {"low_contrast", "heading_missing"}


async def test_where_no_mails_are_written_no_theme_is_taken(
    database: Database, clock: SetClock
) -> None:
    """Unchecked it might fail for everybody."""
    async with a_shop(database, clock) as bare:
        answer = await bare.ask("PUT", "/roles/default", {"themeHtml": THEME})

    assert answer.json()["errorCode"] == "NO_PREVIEWS"
