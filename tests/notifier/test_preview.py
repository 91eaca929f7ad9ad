"""A mail that nobody is owed: as it would be sent, with links that name nobody."""

import re
from typing import Any

import pytest

from core.address import Purpose, read_local_part
from core.config.ways_out import RelaySettings
from core.mail_preview import MailPreview, PreviewWish
from core.model.app import App
from core.model.role import Role
from core.outcome import Accepted, Deferred, Failed, Outcome
from notifier.channels.email.relay import SmtpRelay
from notifier.channels.email.write import MailWriter
from notifier.preview import Previews
from notifier.rendering.view import TEST_NOTICE
from tests.support.bursts import a_burst
from tests.support.fake_relay import FakeRelay
from tests.support.notifying import IDENTITY, KEYS
from tests.support.people import NOW

_TOKEN = re.compile(r"http://n\.test/([a-z])/([a-z2-7]{44})")


def a_wish(locale: str | None = None, **role: Any) -> PreviewWish:
    """Return the wish for a made-up mail."""
    app = App(app_id="shop", number=7, name="Shop", created_at=NOW)
    return PreviewWish(app, Role(app_id="shop", name="default", **role), NOW, locale=locale)


def to_a_burst(**role: Any) -> PreviewWish:
    """Return the wish for the mail of what Ann said and Bo missed."""
    burst = a_burst({"text": "Is the bike still there?"})
    return PreviewWish(burst.app, Role(app_id="shop", name="default", **role), NOW, burst)


def _nowhere() -> SmtpRelay:
    raise AssertionError("a preview is not sent")


async def shown(wish: PreviewWish) -> MailPreview:
    """Return the preview."""
    return await Previews(MailWriter(IDENTITY), _nowhere).preview(wish)


@pytest.mark.parametrize(
    "locale", ["en", "de-AT", "ar", "he", "ja", "th", "cs", "zh-TW", "nonsense"]
)
async def test_a_made_up_mail_shows_one_of_each(locale: str) -> None:
    """Two people, an answer, a place and a file, in a language; and nothing is wrong with it."""
    mail = await shown(a_wish(locale, inbox_url="https://shop.example/{{conversation.id}}"))

    assert "lock.jpg" in mail.text
    assert "openstreetmap" in mail.text
    assert "https://shop.example/preview" in mail.html
    assert {one.name for one in mail.findings} <= {
        "not_signed",
        "opt_out_not_https",
        "link_insecure",
    }


@pytest.mark.parametrize("wish", [a_wish("en"), to_a_burst()])
async def test_its_links_and_addresses_name_nobody(wish: PreviewWish) -> None:
    """Whoever is shown it can neither opt anybody out nor write as them."""
    mail = await shown(wish)

    raw = mail.raw.decode()
    for purpose, token in _TOKEN.findall(mail.html + mail.text + raw.replace("\r\n ", "")):
        proven = KEYS.read(Purpose(purpose), token)
        assert proven is None or proven.reference == 0
    reply = re.search(r"<(r\+[a-z2-7]{44})@", raw)
    assert reply is not None
    named = read_local_part(reply[1], KEYS)
    assert named is not None
    assert (named.app_number, named.reference) == (0, 0)


async def test_how_others_see_it() -> None:
    """Dark, narrow, and mirrored for who reads from right to left."""
    mail = await shown(a_wish("de"))

    assert "prefers-color-scheme" in mail.html
    assert "prefers-color-scheme" not in mail.dark
    assert "max-width:320px" in mail.narrow
    assert '<html lang="de" dir="ltr">' in mail.html
    assert '<html lang="ar" dir="rtl">' in mail.rtl


async def test_what_is_written_from_right_to_left_is_its_own_mirror() -> None:
    """It is shown once."""
    mail = await shown(a_wish("fa"))

    assert mail.rtl == mail.html


async def test_a_real_conversation_is_shown_as_it_is() -> None:
    """Its words, in the settings that are tried; what there is stays untouched."""
    wish = to_a_burst(subject="Hello {{recipient.name}}", header="{{app.custom.greeting}}!")
    assert wish.burst is not None

    mail = await shown(wish)

    assert mail.subject == "Hello Bo"
    assert "Hello!" in mail.text
    assert "Is the bike still there?" in mail.html
    assert wish.burst.participant.reference == 7


async def _sent(relay: FakeRelay, wish: PreviewWish) -> Outcome:
    settings = RelaySettings(host="127.0.0.1", port=relay.port, tls="none")
    previews = Previews(MailWriter(IDENTITY), lambda: SmtpRelay(settings))
    return (await previews.send_test(wish, "me@x.example")).outcome


async def test_a_test_is_told_by_its_subject_and_its_first_line() -> None:
    """It goes where it is asked to, and has no address that posts."""
    async with FakeRelay() as relay:
        outcome = await _sent(relay, to_a_burst())
        mail = await relay.next_mail()

    assert isinstance(outcome, Accepted)
    assert outcome.reply.text == "Taken"
    assert mail.recipients == ("me@x.example",)
    head, _, body = mail.content.decode().partition("\r\n\r\n")
    assert "Subject: [Test] Re: Conversation with Ann" in head
    assert "\nReply-To" not in head
    assert "X-Rejoinder-Reason: test" in head
    assert body.count(TEST_NOTICE[:30]) == 2
    assert "r+" not in mail.content.decode()


@pytest.mark.parametrize(
    ("step", "said", "kind"),
    [
        ("MAIL", "550 5.7.1 Not you", Deferred),
        ("RCPT", "550 5.1.1 Nobody here", Failed),
        ("RCPT", "450 4.2.0 Later", Deferred),
        ("DOT", "554 5.6.0 Not this", Failed),
        ("DATA", "451 4.3.0 Busy", Deferred),
        ("GREETING", "421 4.3.2 Closed", Deferred),
    ],
)
async def test_what_the_relay_says_is_told(step: str, said: str, kind: type) -> None:
    """Whatever it is, and no lane closes because of a test."""
    async with FakeRelay() as relay:
        relay.refuse(step, said)
        outcome = await _sent(relay, a_wish("en"))

    assert isinstance(outcome, kind)
    reply = getattr(outcome, "reply", None)
    assert reply is not None
    assert f"{reply.code} {reply.enhanced} {reply.text}" == said
