"""The preference page: GET changes nothing, POST keeps what was chosen, and only with its form."""

import re
from typing import Any

import httpx
import pytest

from core.actions import opt_out
from core.actions.decide import BurstClaim, decide
from core.address import Purpose, Token
from core.clock import SetClock
from core.model.opt_out import EVERYTHING
from core.model.participant import Notify
from core.model.suppression import Suppression
from core.moment import DAY, HOUR
from core.rules.muting import EVER
from core.store import apps, notifications, opt_outs, participants, pending, users
from core.store.database import Database, Session
from gateway.http.pages.page_language import languages, words_for
from tests.support import stored
from tests.support.api import KEYS, Api, a_shop
from tests.support.people import NOW

BO = ("shop", "bike", "bo")
_FORM = re.compile(r'name="form" value="([a-z2-7]{44})"')
_CHECKED = re.compile(r'name="(\w+)" value="(\w*)" checked')


async def _link(api: Api, purpose: Purpose = Purpose.PREFERENCES, who: str = "bo") -> str:
    """Return the link that a mail to somebody would have."""

    def work(session: Session) -> Token:
        app, one = apps.find(session, "shop"), participants.find(session, "shop", "bike", who)
        assert app is not None
        assert one is not None
        return Token(purpose, app.number, one.reference, one.address_epoch % 256)

    return f"/p/{KEYS.sign(await api.database.read(work))}"


async def _stands(api: Api) -> tuple[str, Any, frozenset[str]]:
    """Return Bo's notify, until when it is muted, and his opt-outs."""

    def work(session: Session) -> tuple[str, Any, frozenset[str]]:
        one = participants.find(session, *BO)
        assert one is not None
        return one.notify.value, one.muted_until, opt_outs.scopes(session, "shop", "bo")

    return await api.database.read(work)


def _checked(page: httpx.Response) -> dict[str, str]:
    return dict(_CHECKED.findall(page.text))


async def _choose(api: Api, link: str, **chosen: str) -> httpx.Response:
    found = _FORM.search((await api.client.get(link)).text)
    assert found is not None
    return await api.client.post(link, data={"form": found[1], **chosen})


async def test_looking_changes_nothing(database: Database, clock: SetClock) -> None:
    """However often, by GET and HEAD, whatever the query says."""
    async with a_shop(database, clock) as api:
        link = await _link(api)
        before = await _stands(api)
        query = "?mail=off&conversation=none&mute=ever&scope=all"
        told = [await api.client.request(m, link + query) for m in ("GET", "HEAD", "GET")]

        assert [one.status_code for one in told] == [200] * 3
        assert await _stands(api) == before == (Notify.ALL.value, None, frozenset())
        assert _checked(told[0]) == {"conversation": "every", "mute": "off", "mail": "on"}
        assert told[0].headers["referrer-policy"] == "no-referrer"
        assert "script" not in told[0].text


@pytest.mark.parametrize(
    ("chosen", "stands", "checked"),
    [
        ({"conversation": "mentions"}, ("MentionsOnly", None, set()), "mentions off on"),
        ({"conversation": "none"}, ("true", None, {"bike"}), "none off on"),
        ({"mute": "hour"}, ("true", NOW + HOUR, set()), "every  on"),
        ({"mute": "ever"}, ("true", EVER, set()), "every ever on"),
        ({"mail": "off"}, ("true", None, {EVERYTHING}), "every off off"),
        ({"conversation": "none", "mute": "ever", "mail": "off"},
         ("true", EVER, {"bike", EVERYTHING}), "none ever off"),
        ({"conversation": "all", "mute": "1h", "mail": "maybe"}, ("true", None, set()),
         "every off on"),
        ({}, ("true", None, set()), "every off on"),
    ],
)  # fmt: skip
async def test_what_is_chosen_is_kept(
    database: Database, clock: SetClock, chosen: dict[str, str], stands: Any, checked: str
) -> None:
    """At once, shown as it stands, and taken back by the same page; twice is as once."""
    async with a_shop(database, clock) as api:
        link = await _link(api)
        page = await _choose(api, link, **chosen)
        again = await _choose(api, link, **chosen)
        notify, until, scopes = await _stands(api)

        assert (page.status_code, 'role="status"' in page.text) == (200, True)
        assert {"true": Notify.ALL.value}.get(stands[0], Notify.MENTIONS_ONLY.value) == notify
        assert (until, set(scopes)) == stands[1:]
        assert _checked(again) == dict(
            zip(("conversation", "mute", "mail"), checked.split(" "), strict=True)
        )
        await _choose(api, link, conversation="every", mute="off", mail="on")
        assert await _stands(api) == (Notify.ALL.value, None, frozenset())


async def test_it_has_effect_before_what_is_owed_leaves(
    database: Database, clock: SetClock
) -> None:
    """A mail that is owed when somebody chooses is looked at by what they chose."""
    async with a_shop(database, clock) as api:
        link = await _link(api)
        await api.says("ann")
        await _choose(api, link, conversation="none")

        def work(session: Session) -> str:
            debt = pending.find(session, *BO)
            assert debt is not None
            decide(session, BurstClaim(*BO, debt.attempts), "list.test", NOW + HOUR)
            return notifications.of_recipient(session, *BO, 9)[0].reason

        assert await api.database.write(work) == "opted_out"


async def test_what_the_app_switched_off_is_the_persons_to_switch_on(
    database: Database, clock: SetClock
) -> None:
    """Shown as nothing; sending the form unchanged leaves it, choosing changes it."""
    async with a_shop(database, clock) as api:
        await api.ask("PATCH", "/conversations/bike/participants/bo", {"notify": False})
        link = await _link(api)
        same = await _choose(api, link, conversation="none", mute="off", mail="on")
        stood = await _stands(api)
        await _choose(api, link, conversation="every")

        assert _checked(same)["conversation"] == "none"
        assert stood == (Notify.NOTHING.value, None, frozenset())
        assert await _stands(api) == (Notify.ALL.value, None, frozenset())


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Europe/Berlin", "November 15, 2023, 8:00"),
        ("America/New_York", "November 15, 2023, 8:00"),
        ("Pacific/Kiritimati", "November 16, 2023, 8:00"),
        ("Asia/Kathmandu", "November 16, 2023, 8:00"),
        ("Mars/Olympus", "November 15, 2023, 8:00"),
    ],
)
async def test_until_tomorrow_is_the_readers_morning(
    database: Database, clock: SetClock, zone: str, shown: str
) -> None:
    """Eight by the reader's clock, and shown by it; a mute that has passed is none."""
    async with a_shop(database, clock) as api:

        def work(session: Session) -> None:
            app = apps.find(session, "shop")
            assert app is not None
            app.time_zone = zone
            session.add(app)

        await api.database.write(work)
        link = await _link(api)
        page = await _choose(api, link, mute="tomorrow")
        untouched = await _choose(api, link, mute="")
        api.clock.moment = NOW + 2 * DAY
        later = await api.client.get(link)

    assert shown in page.text
    assert _checked(page)["mute"] == _checked(untouched)["mute"] == ""
    assert _checked(later)["mute"] == "off"


@pytest.mark.parametrize("form", ["missing", "empty", "nonsense", "ann's", "link", "opt in"])
async def test_no_form_but_the_pages_own_is_taken(
    database: Database, clock: SetClock, form: str
) -> None:
    """Whoever only knows the address of the page, or another token, changes nothing."""
    async with a_shop(database, clock) as api:
        link = await _link(api)
        tokens = {
            "empty": "", "nonsense": "x" * 1_000, "ann's": await _link(api, Purpose.CHOOSE, "ann"),
            "link": link, "opt in": await _link(api, Purpose.OPT_IN),
        }  # fmt: skip
        data = {"mail": "off", "conversation": "none"}
        if form in tokens:
            data["form"] = tokens[form].removeprefix("/p/")
        answer = await api.client.post(link, data=data)

        assert answer.status_code == 404
        assert (await _stands(api))[2] == frozenset()


@pytest.mark.parametrize("purpose", [one for one in Purpose if one is not Purpose.PREFERENCES])
async def test_no_other_link_opens_it(
    database: Database, clock: SetClock, purpose: Purpose
) -> None:
    """An opt-out link opts out, and shows nobody how somebody has chosen."""
    async with a_shop(database, clock) as api:
        link = await _link(api, purpose)
        answers = [await api.client.get(link), await api.client.post(link, data={"mail": "off"})]

    assert [one.status_code for one in answers] == [404, 404]


async def test_wanting_all_mails_again_lifts_a_complaint(
    database: Database, clock: SetClock
) -> None:
    """As on the opt-out page."""
    async with a_shop(database, clock) as api:
        who = ("shop", "bo")
        await api.database.write(lambda s: opt_out.opt_out(s, who, EVERYTHING, "complaint", NOW))
        await _choose(api, await _link(api), mail="on")

        assert (await _stands(api))[2] == frozenset()


async def test_a_complaint_of_another_at_a_shared_mailbox_is_shown_and_lifted(
    database: Database, clock: SetClock
) -> None:
    """Bo never opted out; the page says off, keeps it by what is saved else, and on lifts it."""

    def complained(session: Session) -> None:
        bo = users.find(session, "shop", "bo")
        assert bo is not None
        address = next(iter(bo.email or ()))
        one = Suppression(app_id="shop", address=address, cause="complaint", made_at=NOW)
        session.add(one)

    async with a_shop(database, clock) as api:
        link = await _link(api)
        await api.database.write(complained)
        shown = _checked(await api.client.get(link))["mail"]
        kept = _checked(await _choose(api, link, conversation="mentions", mail="off"))["mail"]
        scopes = (await _stands(api))[2]
        asked = _checked(await _choose(api, link, mail="on"))["mail"]
        (known,) = await api.database.read(lambda s: stored.suppressions(s, "shop"))

    assert (shown, kept, scopes, asked) == ("off", "off", frozenset(), "on")
    assert known.lifted_by == opt_out.READER


async def test_it_is_said_in_every_language(database: Database, clock: SetClock) -> None:
    """All of its phrases, also what is said when it is saved; names stand as text."""
    phrases = ("email_settings", "choices_here", "choices_every", "choices_mentions",
               "choices_none", "choices_mute", "choices_not_muted", "choices_hour",
               "choices_tomorrow", "choices_ever", "choices_on", "choices_off", "choices_save",
               "choices_saved")  # fmt: skip
    async with a_shop(database, clock) as api:
        await api.ask("PUT", "/conversations/bike", {"subject": "<b>Vélo</b>"})
        link = await _link(api)
        for language in sorted(languages()):
            await api.ask("PUT", "/users/bo", {"locale": language})
            page = await _choose(api, link, mail="on")
            words = words_for(language)
            assert f'<html lang="{language}" dir="{words.direction}">' in page.text
            assert [one for one in phrases if words.say(one) not in page.text] == []
            assert words.say("choices_app", app="The shop") in page.text
            assert "&lt;b&gt;Vélo&lt;/b&gt;" in page.text
