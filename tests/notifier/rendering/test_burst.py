"""From a burst to what is rendered: nobody gets a blank mail, or one in another's language."""

from dataclasses import replace

import pytest

from core.address import Keyring
from core.model.burst import Burst, Rest
from core.model.message import Message, MessageKind, Origin
from core.store.rows import fresh
from notifier.rendering.bodies import Rendered
from notifier.rendering.burst import digest_of
from notifier.rendering.identity import Identity
from tests.support.bursts import a_burst, a_delivery
from tests.support.digests import render
from tests.support.people import APP, NOW, ROOM

IDENTITY = Identity(
    keys=Keyring({1: b"a key of more than sixteen octets"}, 1), domain="reply.test",
    bounce_domain="bounce.test", list_domain="x.test", separator="+", from_address="n@x.test",
    from_name=None, public_url="https://n.test",
)  # fmt: skip
MAP = "https://www.openstreetmap.org/?mlat=52.5&mlon=-0.1278#map=16/52.5/-0.1278"


def rendered(burst: Burst) -> Rendered:
    """Return the burst as Bo reads it."""
    return render(digest_of(burst, a_delivery(), IDENTITY))


@pytest.mark.parametrize("text", [None, "Meet me here"])
def test_a_place_is_a_link_to_a_map(text: str | None) -> None:
    """A shared location is shown as its coordinates and a link, in both parts."""
    both = rendered(a_burst({"text": text, "location": [52.5, -0.1278]}))

    assert f"Open the map: 52.5, -0.1278\n{MAP}\n" in both.text
    assert f'href="{MAP.replace("&", "&amp;")}"' in both.html
    assert (text or "52.5, -0.1278") in both.preheader


@pytest.mark.parametrize("origin", list(Origin))
def test_only_the_app_hides_where_a_link_leads(origin: Origin) -> None:
    """What has an author is a person's, whichever way it came; a system message is the app's."""
    text = "<https://evil.example/|https://bank.example/>"
    person = rendered(a_burst({"text": text, "origin": origin}))
    system = {"text": text, "origin": origin, "type": MessageKind.SYSTEM, "sender_id": None}
    app = rendered(a_burst({"text": "Hi"}, system))

    assert ">https://bank.example/</a>" not in person.html
    assert ">https://evil.example/</a>" in person.html
    assert ">https://bank.example/</a>" in app.html


def test_what_is_answered_is_shown_by_whoever_said_it() -> None:
    """A line of one's own, of somebody else's and of the app's stands above the answer."""
    burst = a_burst({"text": "Yes", "referenced_message_id": "msg_0"}, {"text": "No"})
    asked = fresh(
        Message, app_id=APP, id="msg_0", conversation_id=ROOM, sender_id="bo", created_at=NOW,
        text="Is it *new*?",
    )  # fmt: skip

    assert "[Bo: Is it *new*?]\nYes" in rendered(replace(burst, answered={"msg_0": asked})).text
    assert "Is it" not in rendered(burst).text


@pytest.mark.parametrize(
    ("locale", "greeting"),
    [
        pytest.param("fr", "Bonjour", id="their language"),
        pytest.param("fr-CA", "Bonjour", id="the language of their locale"),
        pytest.param("pt-BR", "Oi", id="their very locale"),
        pytest.param("de", "Hello", id="a language without its own"),
    ],
)
def test_the_apps_own_fields_are_in_the_readers_language(locale: str, greeting: str) -> None:
    """``greeting:fr`` stands in for ``greeting`` where Bo reads French (talkjs-spec, 6.5)."""
    own = "{{app.custom.greeting}} {{recipient.name}}!"

    assert f"{greeting} Bo!" in rendered(a_burst({"text": "Hi"}, locale=locale, header=own)).text


def test_what_is_not_shown_is_counted() -> None:
    """Messages that a burst only counts are told of as so many more."""
    rest = Rest(count=41, last_seq=42, last_at=NOW, owes=True, mentions=False)
    both = rendered(replace(a_burst({"text": "Hi"}), rest=rest))

    assert "41 more messages" in both.text
    assert "41 more messages" in both.html
