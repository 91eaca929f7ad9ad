"""The app itself and its roles."""

from typing import Any

from core.actions import found
from core.errors import NotFound
from core.model.app import App
from core.model.role import Role
from core.store import apps
from gateway.http.body import AppBody, RoleBody
from gateway.http.house import At
from gateway.http.router import Router
from gateway.http.security import App as Authorized

router = Router("app")
Json = dict[str, Any]


def app_shape(app: App) -> Json:
    """Return an app as the API shows it."""
    return {
        "id": app.app_id,
        "name": app.name,
        "custom": app.custom,
        "defaultLocale": app.default_locale,
        "timeZone": app.time_zone,
        "senderPolicy": app.sender_policy.value,
    }


@router.get("")
async def show(app_id: Authorized, at: At) -> Json:
    """Return the app."""
    return app_shape(await at.database.read(lambda session: found.existing(session, app_id)))


@router.put("")
async def change(app_id: Authorized, body: AppBody, at: At) -> Json:
    """Change the app's custom fields, locale, time zone or sender policy."""
    changes = body.model_dump(exclude_unset=True, exclude={"id"})
    return await at.database.write(
        lambda session: app_shape(found.change(session, app_id, changes))
    )


@router.get("/roles")
async def roles(app_id: Authorized, at: At) -> Json:
    """Return the app's roles."""
    listed = await at.database.read(lambda session: apps.roles(session, app_id))
    return {"data": [role_shape(role) for role in listed]}


@router.get("/roles/{role}")
async def role(app_id: Authorized, role: str, at: At) -> Json:
    """Return a role."""
    one = await at.database.read(lambda session: apps.role(session, app_id, role))
    if one is None:
        raise NotFound(f"There is no role {role!r}.", code="ROLE_NOT_FOUND")
    return role_shape(one)


@router.put("/roles/{role}")
async def put_role(app_id: Authorized, role: str, body: RoleBody, at: At) -> Json:
    """Make a role or change the given settings of one; null resets a setting."""
    changes = body.changes()
    return await at.database.write(
        lambda session: role_shape(found.put_role(session, app_id, role, changes))
    )


def role_shape(one: Role) -> Json:
    """Return a role as the API shows it."""
    body = RoleBody.model_validate(one.model_dump(exclude={"app_id", "name"}))
    return {"name": one.name, **body.model_dump(by_alias=True)}
