"""Who asks? A secret key of the app, or an app token signed with one (talkjs-spec, 8)."""

import hmac
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Header, Request

from core.late import late
from core.store import apps
from gateway.http.house import At
from gateway.http.problems import Unauthorized

if TYPE_CHECKING:
    import jwt
else:
    jwt = late("jwt")

_LEEWAY = 30  # seconds that two clocks may differ
_UNKNOWN = "The Authorization header must be 'Bearer' with a secret key or app token of this app."


async def authorized(
    request: Request, app_id: str, at: At, authorization: Annotated[str | None, Header()] = None
) -> str:
    """Return the app a request may act for, or raise Unauthorized.

    An app that does not exist sounds like one whose key is wrong. On the admin socket the file's
    mode has decided already.
    """
    if request.state.admin:
        return app_id
    scheme, _, credential = (authorization or "").partition(" ")
    keys = await at.database.read(lambda session: apps.keys(session, app_id))
    secrets = [key.secret for key in keys]
    if scheme.lower() == "bearer" and _proves(credential.strip(), app_id, secrets):
        return app_id
    raise Unauthorized(_UNKNOWN)


def _proves(credential: str, app_id: str, secrets: list[str]) -> bool:
    """Tell whether a credential is one of the secrets, or a token signed with one."""
    given = credential.encode()
    if any([hmac.compare_digest(given, secret.encode()) for secret in secrets]):  # noqa: C419  all, always
        return True
    return credential.count(".") == 2 and any(_signed(credential, app_id, one) for one in secrets)


def _signed(token: str, app_id: str, secret: str) -> bool:
    """Tell whether an app token is genuine, of this app, and not over (``exp`` is optional)."""
    try:
        claims = jwt.decode(
            token, secret, algorithms=["HS256"], options={"verify_aud": False}, leeway=_LEEWAY
        )
    except jwt.InvalidTokenError:
        return False
    return claims.get("tokenType") == "app" and claims.get("iss") == app_id


App = Annotated[str, Depends(authorized)]
