# ruff: noqa: RUF001 (letters of many languages look alike)
"""Who wrote, wherever they are listed: as the reader's language lists people, whatever they bear.

In the news, in a conversation's name, in From, and where an app's own words name the sender.
"""

import time
from dataclasses import replace

import pytest

from core.address import Keyring
from core.model.burst import Burst
from core.model.message import Message
from core.model.user import User
from notifier.rendering.burst import authors_of, digest_of, subject_of
from notifier.rendering.identity import Identity
from notifier.rendering.titles import sender_name
from tests.support.bursts import a_burst, a_delivery
from tests.support.digests import render
from tests.support.people import APP, NOW, ROOM

IDENTITY = Identity(
    keys=Keyring({1: b"a key of more than sixteen octets"}, 1), domain="reply.test",
    bounce_domain="bounce.test", list_domain="x.test", separator="+", from_address="n@x.test",
    from_name=None, public_url="https://n.test",
)  # fmt: skip


def _by(names: list[str], locale: str) -> Burst:
    """Return a burst in which these wrote, one after the other."""
    messages = tuple(
        Message(
            app_id=APP, id=f"msg_{n}", conversation_id=ROOM, seq=n, sender_id=f"u{n}",
            created_at=NOW, text="Hi",
        )
        for n in range(len(names))
    )  # fmt: skip
    people = {
        f"u{n}": User(app_id=APP, id=f"u{n}", name=name, created_at=NOW)
        for n, name in enumerate(names)
    }
    own = "{{sender.name}} @ {{app.name}}"
    burst = a_burst({"text": "Hi"}, locale=locale, header=own)
    return replace(burst, messages=messages, senders=people)


@pytest.mark.parametrize(
    ("locale", "names", "listed"),
    [
        pytest.param("en", ["Ann Meyer", "Carl Ødegård"], "Ann Meyer and Carl Ødegård", id="en"),
        pytest.param("nb", ["Ann", "Carl"], "Ann og Carl", id="nb"),
        pytest.param("fr", ["Ann", "Éloïse"], "Ann et Éloïse", id="fr"),
        pytest.param("de", ["Ann", "Bo", "Cy"], "Ann, Bo und Cy", id="de"),
        pytest.param("es", ["Ann", "Ignacio"], "Ann e Ignacio", id="es"),
        pytest.param("hu", ["Ann", "Bo", "Cy", "Di"], "Ann, Bo és 2 további személy", id="hu"),
        pytest.param("ja", ["陽菜", "蓮"], "陽菜、蓮", id="ja"),
        pytest.param("ar", ["ليلى", "Ann"], "ليلى وAnn", id="ar"),
        pytest.param("he", ["דן", "Ann"], "דן ו-Ann", id="he"),
        pytest.param("th", ["Ann", "Bo"], "AnnและBo", id="th"),
    ],
)
def test_people_are_listed_in_the_readers_language(
    locale: str, names: list[str], listed: str
) -> None:
    """With the word the language has for "and", everywhere the same."""
    burst = _by(names, locale)
    text = render(digest_of(burst, a_delivery(), IDENTITY)).text

    assert f"\n{listed} @ Shop\n" in text
    assert text.count(listed) == 2
    assert listed in subject_of(burst)
    assert listed in sender_name(authors_of(burst), "Shop", locale)


@pytest.mark.parametrize(
    ("names", "listed"),
    [
        pytest.param(["", "Ann"], "Ann", id="one of no name"),
        pytest.param(["\u202e\u200b", " "], "Shop", id="none that is seen"),
        pytest.param(["Ann\r\nBcc: x", "Bo"], "Ann Bcc: x and Bo", id="more than one line"),
        pytest.param(["{{app.custom.greeting}}", "{names}"],
                     "{{app.custom.greeting}} and {names}", id="places and macros"),
        pytest.param(["Ann, Bo", "Cy and Di"], "Ann, Bo and Cy and Di", id="commas of their own"),
        pytest.param(["{0}", "{1}"], "{0} and {1}", id="the list's own places"),
    ],
)  # fmt: skip
def test_whatever_they_are_called(names: list[str], listed: str) -> None:
    """What is no name is left out, and what looks like our words is a name."""
    text = render(digest_of(_by(names, "en"), a_delivery(), IDENTITY)).text

    assert f"\n{listed} @ Shop\n" in text


@pytest.mark.parametrize("name", ["x" * 1_000_000, "{0}" * 300_000, "ו" * 500_000, " e " * 300_000])
@pytest.mark.parametrize("locale", ["en", "es", "he", "fa"])
def test_long_names_cost_little(name: str, locale: str) -> None:
    """A megabyte of name, cut or doubled: shown as far as there is room, in no time."""
    for names in ([name, "Ann"], ["Ann", name[: len(name) // 2]], [name * 2] * 50):
        began = time.process_time()
        burst = _by(names, locale)
        render(digest_of(burst, a_delivery(), IDENTITY))
        said = sender_name(authors_of(burst), "Shop", locale)

        assert time.process_time() - began < 5.0
        assert len(said) < 200
