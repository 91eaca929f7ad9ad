# ruff: noqa: RUF001 (letters of many languages look alike)
"""A page is in the language of whoever its link was sent to, and says which that is."""

import hashlib
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from core.address import Purpose, Token
from core.clock import SetClock
from core.files.link import Link, reader_of, sign
from core.model.attachment import Attachment
from core.model.held import AuthorProof, HeldReply
from core.moment import DAY
from core.store import apps, participants, users
from core.store.database import Database, Session
from core.unseen import seen_block
from core.verdict import Reason
from gateway.http.pages.page_language import languages, words_for
from tests.support.api import KEYS, Api, a_served_shop, a_shop
from tests.support.people import NOW

RIGHT_TO_LEFT = {"ar", "fa", "he"}
_HTML = re.compile(r'<html lang="([\w-]+)" dir="(\w+)">')
_BODY = re.compile(r'<body dir="(\w+)">')


def _file(message_id: str, reference: int, octets: bytes | None) -> Attachment:
    """Return a file of a message, whose octets are kept or gone."""
    return Attachment(
        app_id="shop", id=f"fil_{reference}", message_id=message_id, filename="plan.pdf",
        content_type="application/pdf", size=8, octets=octets,
        object_key=None if octets else "no/such", reference=reference,
        sha256=hashlib.sha256(octets or b"").hexdigest(), created_at=NOW,
    )  # fmt: skip


def _held() -> HeldReply:
    """Return a reply that waits for Bo, with a file."""
    return HeldReply(
        app_id="shop", id="hld_1", receipt_id="rcp_1", conversation_id="bike",
        user_id="bo", sender="x@y.test", reason=Reason.SENDER_MISMATCH.value,
        text="my word", reference=77, held_at=NOW, proof=AuthorProof.DISOWNED.value,
        files=[{"filename": "a.txt", "size": 1234, "contentType": "text/plain"}],
    )  # fmt: skip


async def _links(api: Api) -> dict[str, str]:
    """Keep a held reply and files of Bo's, and return the links that mails to Bo would have."""
    message_id = await api.says("ann", "See the plan")

    def work(session: Session) -> tuple[Token, int]:
        app, bo = apps.find(session, "shop"), participants.find(session, "shop", "bike", "bo")
        assert app is not None
        assert bo is not None
        session.add_all([_file(message_id, 78, b"%PDF-1.4"), _file(message_id, 79, None), _held()])
        reader = reader_of(bo.reference, bo.address_epoch)
        return Token(Purpose.OPT_OUT, app.number, bo.reference, bo.address_epoch), reader

    token, reader = await api.database.write(work)
    number = token.app_number
    return {
        "opt out": f"/u/{KEYS.sign(token)}",
        "settings": f"/p/{KEYS.sign(replace(token, purpose=Purpose.PREFERENCES))}",
        "held": f"/h/{KEYS.sign(Token(Purpose.HELD, number, 77))}",
        "file": f"/f/{sign(Link(number, 78, NOW + DAY, reader), KEYS)}",
        "file gone": f"/f/{sign(Link(number, 79, NOW + DAY, reader), KEYS)}",
        "file expired": f"/f/{sign(Link(number, 78, NOW - DAY, reader), KEYS)}",
    }


SHOWN = {
    "opt out": ("stop", "stop_hint", "stop_this", "stop_all"),
    "settings": ("email_settings", "choices_here", "choices_every", "choices_save"),
    "held": ("question_title", "held", "question_sender", "held_disowned", "choice_post",
             "choice_not_me", "held_files"),
    "file gone": ("file_gone",),
    "file expired": ("file_expired",),
}  # fmt: skip
ANSWERED: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "opt out, of this": (
        {"scope": "conversation"},
        ("out_of_this", "out_of_this_hint", "stop_all", "back_in_this"),
    ),
    "opt out, of all": ({"scope": "all"}, ("out_of_all", "out_of_all_hint", "back_in_all")),
    "held, dropped": ({"do": "not_me"}, ("held_dropped", "close")),
}


async def test_every_page_is_in_the_language_of_its_person(
    database: Database, clock: SetClock
) -> None:
    """In each of them, whatever the app and the browser speak; and so is what is answered there."""
    async with a_shop(database, clock) as api:
        links = await _links(api)
        for language in sorted(languages()):
            await _speaks(api, language, "en-US")
            headers = {"accept-language": "fr" if language != "fr" else "de"}
            for name, phrases in SHOWN.items():
                page = await api.client.get(links[name], headers=headers)
                assert _told(page) == language
                assert [one for one in phrases if not _says(page, language, one)] == []
        for name, (form, phrases) in ANSWERED.items():
            for language in sorted(languages()):
                await _speaks(api, language, "en-US")
                page = await api.client.post(links[name.partition(",")[0]], data=form)
                assert _told(page) == language
                assert [one for one in phrases if not _says(page, language, one)] == []


def _told(page: httpx.Response) -> str:
    """Return the language that a page says it is in, wherever it says so."""
    whole, body = _HTML.search(page.text), _BODY.search(page.text)
    assert whole is not None
    assert body is not None
    language, direction = whole.groups()
    assert page.headers["content-language"] == language
    assert body[1] == direction == ("rtl" if language in RIGHT_TO_LEFT else "ltr")
    return language


async def _speaks(api: Api, locale: str | None, default: str) -> None:
    """Let Bo's locale be this one, and the app's that."""

    def work(session: Session) -> None:
        app, bo = apps.find(session, "shop"), users.find(session, "shop", "bo")
        assert app is not None
        assert bo is not None
        app.default_locale, bo.locale = default, locale
        session.add_all([app, bo])

    await api.database.write(work)


def _says(page: httpx.Response, language: str, phrase: str) -> bool:
    return words_for(language).say(phrase) in page.text


@pytest.mark.parametrize(
    ("locale", "default", "accepts", "language"),
    [
        pytest.param("fr-FR", "de-DE", "it", "fr", id="a person's own"),
        pytest.param("pt_BR", "de-DE", "it", "pt", id="however it is written"),
        pytest.param("zh-TW", "de-DE", "it", "zh-Hant", id="a country that tells the script"),
        pytest.param(None, "nb-NO", "it", "nb", id="the app's"),
        pytest.param("xx", "hu", "it", "hu", id="the app's, where theirs is unknown"),
        pytest.param("xx", "yy", "it-CH, it;q=0.9", "it", id="the browser's"),
        pytest.param("xx", "yy", "ww, th;q=0.1", "th", id="the browser's, as far as it is known"),
        pytest.param("xx", "yy", "ww", "en", id="English"),
        pytest.param("xx", "yy", None, "en", id="English, where nothing is told"),
    ],
)
async def test_which_language(
    database: Database, clock: SetClock, locale: str | None, default: str,
    accepts: str | None, language: str,
) -> None:  # fmt: skip
    """The person's, else the app's, else the browser's, else English."""
    async with a_shop(database, clock) as api:
        links = await _links(api)
        await _speaks(api, locale, default)
        headers = {"accept-language": accepts} if accepts is not None else {}
        pages = [await api.client.get(links[name], headers=headers) for name in SHOWN]

    assert [_told(page) for page in pages] == [language] * len(SHOWN)


@pytest.mark.parametrize(
    ("accepts", "language"),
    [
        pytest.param("fr-CA, en;q=0.5", "fr", id="French"),
        pytest.param("fa", "fa", id="Persian"),
        pytest.param("en-ZZ, fr;q=0.2", "en", id="English of nowhere"),
        pytest.param("*", "en", id="any"),
        pytest.param("fr;q=" + "9" * 60_000, "fr", id="a long one"),
    ],
)
async def test_a_link_of_nobody_is_told_in_the_browsers_language(
    database: Database, clock: SetClock, accepts: str, language: str
) -> None:
    """Nobody is known there but who asks."""
    async with a_shop(database, clock) as api:
        headers = {"accept-language": accepts}
        pages = [await api.client.get(f"/{one}/none", headers=headers) for one in "uphf"]

    assert [(page.status_code, _told(page)) for page in pages] == [(404, language)] * 4
    assert all(_says(page, language, "gone") for page in pages)


@pytest.mark.parametrize("language", ["fa", "he", "fr", "th"])
async def test_what_others_wrote_stands_apart(
    database: Database, clock: SetClock, language: str
) -> None:
    """In any language: a subject is text, in a direction of its own, and bold."""
    subject = "<b>Vélo</b> \u202eسلام {address}"
    async with a_shop(database, clock) as api:
        await api.ask("PUT", "/users/bo", {"locale": language})
        links = await _links(api)
        await api.ask("PUT", "/conversations/bike", {"subject": subject})
        pages = [(await api.client.get(links[name])).text for name in ("opt out", "held")]

    shown = seen_block(subject).replace("<", "&lt;").replace(">", "&gt;")
    assert f'<p dir="auto"><strong>{shown}</strong></p>' in pages[0]
    assert f"<bdi><strong>{shown}</strong></bdi>" in pages[1]


def test_no_phrase_has_markup_in_it() -> None:
    """Phrases stand on pages as they are."""
    folder = Path(__file__).parents[4] / "gateway/http/pages/locales"
    for file in folder.glob("*.toml"):
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        assert [one for one in told.values() if set("<>&") & set(one)] == []


async def test_head_is_answered_as_get_is(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    """The same status and header fields, and no body (RFC 9110, 9.3.2); nothing is changed."""
    async with a_served_shop(database, clock, tmp_path) as (api, _):
        links = {**await _links(api), "nobody's": "/u/none"}
        for link in links.values():
            got = await api.client.get(link)
            asked = await api.client.head(link)
            again = await api.client.get(link)

            assert (asked.status_code, asked.content) == (got.status_code, b"")
            assert {**asked.headers, "date": ""} == {**got.headers, "date": ""}
            assert again.content == got.content
