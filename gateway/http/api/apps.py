"""The app itself and its roles."""

from functools import partial
from typing import Any

from core.actions import found_app
from core.actions.preview_mail import wish_to_try
from core.errors import NotFound
from core.mail_preview import PreviewWish
from core.model.role import Role
from core.store import apps
from core.store.database import Session
from gateway.http.bodies.apps import AppBody, RoleBody, app_shape, role_shape
from gateway.http.bodies.mail_preview import finding_shape
from gateway.http.needs import ForApp
from gateway.http.request_context import At
from gateway.http.router import Router
from gateway.setting_warnings import THEME, refuse_theme, warnings_of

router = Router("app")
Json = dict[str, Any]


@router.get("")
async def show(app_id: ForApp, at: At) -> Json:
    """Return the app."""
    return app_shape(await at.database.read(lambda session: found_app.existing(session, app_id)))


@router.put("")
async def change(app_id: ForApp, body: AppBody, at: At) -> Json:
    """Change the app's custom fields, locale, time zone, sender policy or brand."""
    changes, now = body.model_dump(exclude_unset=True, exclude={"id"}), at.clock.now()
    return await at.database.write(
        lambda session: app_shape(found_app.change(session, app_id, changes, now))
    )


@router.get("/roles")
async def roles(app_id: ForApp, at: At) -> Json:
    """Return the app's roles."""
    listed = await at.database.read(lambda session: apps.roles(session, app_id))
    return {"data": [role_shape(role) for role in listed]}


@router.get("/roles/{role}")
async def role(app_id: ForApp, role: str, at: At) -> Json:
    """Return a role."""
    one = await at.database.read(lambda session: apps.role(session, app_id, role))
    if one is None:
        raise NotFound(f"There is no role {role!r}.", code="ROLE_NOT_FOUND")
    return role_shape(one)


@router.put("/roles/{role}")
async def put_role(app_id: ForApp, role: str, body: RoleBody, at: At) -> Json:
    """Make a role or change the given settings of one; null resets a setting.

    ``warnings`` are of what was set: a mail written in it is looked at. A theme that cannot be used
    is refused.
    """
    changes, now, shown = body.changes(), at.clock.now(), None
    if any(changes.get(one) for one in THEME):
        tried = partial(wish_to_try, app_id=app_id, name=role, changes=changes, now=now)
        shown = await refuse_theme(await at.database.read(tried), at.previews)

    def work(session: Session) -> tuple[Json, PreviewWish]:
        changed = found_app.put_role(session, app_id, role, changes, now)
        wish = PreviewWish(found_app.existing(session, app_id), Role(**changed.model_dump()), now)
        return role_shape(changed), wish

    shape, wish = await at.database.write(work)
    found = await warnings_of(wish, changes, at.previews, shown)
    return shape | {"warnings": [finding_shape(one) for one in found]}
