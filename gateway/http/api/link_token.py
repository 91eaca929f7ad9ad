"""The token of the link in a mail: whom it lets in, and the key an app can prove it by itself."""

from functools import partial
from typing import Any

from core.actions import found_app
from core.actions.verify_link import verify_link
from core.link_token import ALGORITHM, ISSUER, link_keys
from gateway.http.bodies.link_token import TokenBody, verified_shape
from gateway.http.needs import ForApp
from gateway.http.request_context import At
from gateway.http.router import Router

router = Router("links")
Json = dict[str, Any]


@router.post("/links/verify")
async def verify(app_id: ForApp, body: TokenBody, at: At) -> Json:
    """Tell whom the token of a link lets in, or 403 and why nobody."""
    now = at.clock.now()
    work = partial(verify_link, app_id=app_id, token=body.token, keys=at.keys, now=now)
    return verified_shape(await at.database.read(work))


@router.get("/links/keys")
async def keys(app_id: ForApp, at: At) -> Json:
    """Return the keys that the app's tokens are signed with, the current one first."""
    app = await at.database.read(lambda session: found_app.existing(session, app_id))
    secrets = link_keys(app.number, at.keys)
    current = str(at.keys.current)
    listed = sorted(secrets, key=lambda kid: (kid != current, int(kid)))
    return {
        "issuer": ISSUER,
        "audience": app.app_id,
        "algorithm": ALGORITHM,
        "keys": [{"kid": kid, "secret": secrets[kid], "current": kid == current} for kid in listed],
    }
