"""Does a credential prove who asks? A secret key or token of an app, or the token of a link.

Pure: the secrets come as arguments. The trap: what is wrong with a credential is never told, since
each difference helps whoever guesses. None is the whole answer.
"""

import hmac
from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.address import Keyring, Purpose, Token
from core.files import link
from core.lazy_import import lazy_import
from gateway.http.principal import AppKey, AppToken, LinkHolder

if TYPE_CHECKING:
    import jwt
else:
    jwt = lazy_import("jwt")

_LEEWAY = 30  # seconds that two clocks may differ
_NOBODYS = (
    "nobody's key, which is there to be compared",
    "and another one, as while a key is changed",
)


def of_app(header: str, app_id: str, secrets: Sequence[str]) -> AppKey | AppToken | None:
    """Return whom an Authorization header proves, going by the living secrets of an app."""
    scheme, _, credential = header.partition(" ")
    if scheme.lower() != "bearer":  # RFC 9110, 11.1: without regard to case
        return None
    credential = credential.strip()
    # An app that is none, or has one key, costs as much as one that is changing its key. What the
    # two that are nobody's prove is thrown away.
    asked = [*secrets, *_NOBODYS[len(secrets) :]]
    given = credential.encode()
    # All are compared, always: how long it takes tells nobody which one was nearly right.
    equal = [hmac.compare_digest(given, secret.encode()) for secret in asked]
    if any(equal[: len(secrets)]):
        return AppKey(app_id)
    if credential.count(".") != 2:
        return None
    signed = [_signed(credential, app_id, secret) for secret in asked]
    return AppToken(app_id) if any(signed[: len(secrets)]) else None


def of_link(token: str, may: Purpose, keys: Keyring) -> LinkHolder | None:
    """Return what the holder of a link may, if we signed it for just that; expired or not."""
    if may is Purpose.FILE:  # in a shape of its own, with its end in it
        named = link.read(token, keys)
        if named is None:
            return None
        whose = {"until": named.until, "reader": named.reader}
        return LinkHolder(may, named.app_number, named.reference, **whose)
    proven = keys.read(may, token)
    if proven is None:
        return None
    return LinkHolder(may, proven.app_number, proven.reference, proven.epoch)


def link_token(holder: LinkHolder, keys: Keyring) -> str:
    """Write the token of a link that lets its holder do what this one may."""
    named = Token(holder.may, holder.app_number, holder.reference, holder.epoch)
    return keys.sign(named)


def _signed(token: str, app_id: str, secret: str) -> bool:
    """Tell whether an app token is genuine, of this app, and not over (``exp`` is optional)."""
    try:
        claims = jwt.decode(
            token, secret, algorithms=["HS256"], options={"verify_aud": False}, leeway=_LEEWAY
        )
    except jwt.InvalidTokenError:
        return False
    return claims.get("tokenType") == "app" and claims.get("iss") == app_id
