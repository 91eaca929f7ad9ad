"""What would a mail look like that somebody got now? What it is about, for whom, in which settings.

Of a real conversation it shows what its reader has missed; where they have missed nothing, the last
few messages of others. Settings that are only tried stand in for the stored ones and are not kept.
"""

from dataclasses import dataclass, field
from typing import Any

from core.actions import found_app
from core.email_address import comparable
from core.errors import InvalidRequest, NotFound
from core.mail_preview import PreviewWish
from core.model.app import App
from core.model.burst import Burst
from core.model.role import Role
from core.moment import Moment
from core.store import apps, bursts, opt_outs
from core.store.database import Session

_LATEST = 5  # messages that are shown again where none is new


@dataclass(frozen=True, slots=True)
class About:
    """What a preview is about. Neither ``conversation`` nor ``user``: a made-up conversation.

    ``role``: instead of the user's own. ``settings``: of the role, tried and not kept; None resets.
    """

    conversation: str | None = None
    user: str | None = None
    role: str | None = None
    locale: str | None = None
    settings: dict[str, Any] = field(default_factory=dict)


def wish_for(session: Session, app_id: str, about: About, now: Moment) -> PreviewWish:
    """Return what is to be shown, or raise NotFound for what there is not."""
    app = found_app.existing(session, app_id)
    burst = _burst(session, app, about, now)
    name = about.role or (burst.user.role if burst else None)
    role = apps.role(session, app_id, name)
    if role is None and about.role:
        raise NotFound(f"There is no role {about.role!r}.", code="ROLE_NOT_FOUND")
    if about.settings:
        role = found_app.with_settings(role or Role(app_id=app_id, name="default"), about.settings)
    return PreviewWish(app=app, role=role, now=now, burst=burst, locale=about.locale)


def wish_to_try(
    session: Session, app_id: str, name: str, changes: dict[str, Any], now: Moment
) -> PreviewWish:
    """Return a made-up mail in a role that there may not be yet, with settings that are tried."""
    app = found_app.existing(session, app_id)
    role = apps.role(session, app_id, name) or Role(app_id=app_id, name=name)
    return PreviewWish(app=app, role=found_app.with_settings(role, changes), now=now)


def refuse_suppressed(session: Session, app_id: str, address: str, now: Moment) -> None:
    """Raise InvalidRequest if an address must not be written to, by a test either."""
    if opt_outs.suppressed(session, app_id, [comparable(address)], now):
        raise InvalidRequest(
            f"{address} is suppressed: `rejoinder explain {address}` says why and until when.",
            code="SUPPRESSED",
        )


def _burst(session: Session, app: App, about: About, now: Moment) -> Burst | None:
    if (about.conversation is None) != (about.user is None):
        raise InvalidRequest("conversationId and userId go together; without both it is made up.")
    if about.conversation is None or about.user is None:
        return None
    whose = (app.app_id, about.conversation, about.user)
    missed = bursts.load(session, whose, (0, None), now)
    if missed is None:
        raise NotFound(
            f"There is no participant {about.user!r} in {about.conversation!r}.",
            code="PARTICIPANT_NOT_FOUND",
        )
    if missed.messages:
        return missed
    since = missed.conversation.seq - _LATEST + 1
    again = bursts.load(session, whose, (max(since, 0), None), now, also_read=True)
    if again is None or not again.messages:
        raise InvalidRequest(
            f"Nobody but {about.user!r} said anything lately in {about.conversation!r}; leave both "
            "out for a made-up conversation.",
            code="NOTHING_TO_SHOW",
        )
    return again
