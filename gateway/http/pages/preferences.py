"""The page on which a person says what they want to be told of, without a login.

GET shows how it stands and changes nothing, POST keeps what was chosen. The link is of one person,
one conversation and one app; it ends with the address it was made with, and whoever may not read
the conversation any more is shown all but that. A form is taken only with a token of its own, which
nobody has but whom the page was shown to. What a form leaves out, or says in words that are none of
ours, stays as it was.
"""

from dataclasses import dataclass, replace
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Form
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from core.actions.choose import Choices, Chosen, WantedMail, choose, chosen
from core.address import EPOCHS, Purpose
from core.model.member import Correspondent
from core.observe import Event, logger
from core.rules.admission import may_read
from core.rules.muting import EVER, Mute, muted_until
from core.store import apps, participants, users
from core.store.database import Session
from core.translations import Catalogue
from gateway.context import Context
from gateway.http.credentials import link_token, of_link
from gateway.http.needs import MayChoose
from gateway.http.pages.page_language import Liked, words_for
from gateway.http.pages.page_times import time_in, zone_of
from gateway.http.pages.templating import gone, page
from gateway.http.principal import LinkHolder
from gateway.http.request_context import At
from gateway.http.router import Router

router = Router("pages", in_schema=False)


class PreferencesForm(BaseModel):
    """The page's form: its own token, and what is chosen; what is left out stays as it is."""

    form: str = ""
    conversation: str = ""
    mute: str = ""
    mail: str = ""


@dataclass(frozen=True, slots=True)
class _Stand:
    """Whom a link names, how they stand, and in which words and zone they are told of it."""

    named: Correspondent
    chosen: Chosen
    app_name: str
    words: Catalogue
    zone: ZoneInfo

    @property
    def whose(self) -> tuple[str, str, str]:
        """Return app, conversation and user."""
        return self.named.app_id, self.named.conversation_id, self.named.user_id


@router.page("/p/{token}")
async def show(holder: MayChoose, at: At, liked: Liked) -> HTMLResponse:
    """Show what is chosen now. Scanners and previews open this, so nothing happens."""
    return await _page(holder, at, liked)


@router.post("/p/{token}")
async def act(
    holder: MayChoose,
    at: At,
    liked: Liked,
    given: Annotated[PreferencesForm, Form()],
) -> HTMLResponse:
    """Keep what was chosen, and show how it stands now; saying it twice is fine."""
    if holder is None or of_link(given.form, Purpose.CHOOSE, at.keys) != _of_form(holder):
        return gone(words_for(liked))
    now = at.clock.now()

    def work(session: Session) -> _Stand | None:
        stand = _stand(session, holder, liked, now)
        if stand is None:
            return None
        here = may_read(stand.named)
        asked = Mute(given.mute) if here and given.mute in set(Mute) else None
        new = Choices(
            wanted=WantedMail(given.conversation)
            if here and given.conversation in set(WantedMail)
            else None,
            muted_until=None if asked is None else (muted_until(asked, stand.zone, now),),
            all_mail={"on": True, "off": False}.get(given.mail),
        )
        choose(session, stand.whose, new, now)
        return stand

    stand = await at.database.write(work)
    if stand is not None:
        named = stand.named
        logger().info(Event.PREFERENCES_CHOSEN, app=named.app_id, user=named.user_id)
        at.nudge()
    return await _page(holder, at, liked, saved=True)


async def _page(
    holder: LinkHolder | None, at: Context, liked: str, *, saved: bool = False
) -> HTMLResponse:
    """Return the page as things stand."""
    if holder is None:
        return gone(words_for(liked))
    now = at.clock.now()
    stand = await at.database.read(lambda session: _stand(session, holder, liked, now))
    if stand is None:
        return gone(words_for(liked))
    here, muted = may_read(stand.named), stand.chosen.muted_until
    timed = muted if muted is not None and muted < EVER else None
    return page(
        "preferences",
        stand.words,
        saved=saved,
        here=here,
        subject=stand.named.conversation_subject if here else None,
        wanted=stand.chosen.wanted.value,
        mute=(Mute.OFF if muted is None else Mute.EVER).value,
        until=time_in(timed, stand.zone, stand.words) if timed is not None else "",
        app=stand.app_name,
        mail="on" if stand.chosen.all_mail else "off",
        form=link_token(_of_form(holder), at.keys),
    )


def _stand(session: Session, holder: LinkHolder, liked: str, now: int) -> _Stand | None:
    """Return whom a link names and how they stand; None where it was revoked, or they left."""
    named = participants.named_by(session, holder.app_number, holder.reference)
    if named is None or named.left_at is not None or named.address_epoch % EPOCHS != holder.epoch:
        return None
    app = apps.find(session, named.app_id)
    user = users.find(session, named.app_id, named.user_id)
    if app is None or user is None:
        return None
    whose = (named.app_id, named.conversation_id, named.user_id)
    return _Stand(
        named,
        chosen(session, whose, now),
        app.name,
        words_for(named.locale, app.default_locale, liked),
        zone_of(user.time_zone, app.time_zone),
    )


def _of_form(holder: LinkHolder) -> LinkHolder:
    """Return who may send the page's form: whom the page was shown to, about the same."""
    return replace(holder, may=Purpose.CHOOSE)
