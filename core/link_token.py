"""Who comes by a link in a mail? A signed token for one person and one conversation, that expires.

``{{link.token}}`` in a role's inbox URL is a JWT (RFC 7519), signed by HS256 with a key of the
app's, so that the app can let somebody in without asking us:

    header    alg HS256, typ JWT, kid: which of our keys the app's was made of; keys rotate
    iss       ``rejoinder``
    aud       the app's id
    sub       the user's id
    conversation   the only conversation it is for
    epoch     of the address; a revoked one has another
    ref       random, of who is there now: who is made anew under the same ids has another
    iat, exp  seconds since 1970
    jti       44 signs of base32, of no other token

The key of an app is an HMAC of its number under one of our own keys: nothing is kept, and no app
can make another's tokens. Who holds the token is whoever the mail was forwarded to, too: hence one
conversation, an end, and a list of what it revokes. Where a text is shown to others the token is
taken out of it: ``core.scrub`` looks into what is coded, and knows ``jti`` by its form.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import TYPE_CHECKING, Any

from core.address import Keyring
from core.lazy_import import lazy_import
from core.moment import SECOND, Moment

if TYPE_CHECKING:
    import jwt
else:
    jwt = lazy_import("jwt")

ISSUER = "rejoinder"
ALGORITHM = "HS256"
_JTI_OCTETS = 27
_LONGEST = 4_000  # characters; a URL in a mail is shorter
_NEEDED = ("iss", "aud", "sub", "conversation", "epoch", "ref", "iat", "exp", "jti")


class LinkFault(StrEnum):
    """Why a token lets nobody in."""

    INVALID = "invalid"  # none of ours, or of another app
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class LinkClaims:
    """What a token says: who, of which conversation, of which epoch of their address, how long."""

    user_id: str
    conversation_id: str
    epoch: int
    reference: int
    issued_at: Moment
    expires_at: Moment
    id: str


def link_keys(app_number: int, keys: Keyring) -> dict[str, str]:
    """Return the keys an app's tokens may be signed with, by ``kid``; each 64 signs of text."""
    return {str(key_id): _key(app_number, octets) for key_id, octets in keys.keys.items()}


def sign_link(claims: LinkClaims, app: tuple[str, int], keys: Keyring) -> str:
    """Write a token; ``app`` is its id and its number."""
    app_id, number = app
    said = {
        "iss": ISSUER,
        "aud": app_id,
        "sub": claims.user_id,
        "conversation": claims.conversation_id,
        "epoch": claims.epoch,
        "ref": str(claims.reference),  # 64 bits, which a number of JSON is not everywhere
        "iat": claims.issued_at // SECOND,
        "exp": claims.expires_at // SECOND,
        "jti": claims.id,
    }
    kid = str(keys.current)
    key = link_keys(number, keys)[kid]
    return jwt.encode(said, key, algorithm=ALGORITHM, headers={"kid": kid})


def read_link(
    token: str, app: tuple[str, int], keys: Keyring, now: Moment
) -> LinkClaims | LinkFault:
    """Return what a token of an app's says, or why it lets nobody in."""
    app_id, number = app
    known = link_keys(number, keys)
    try:
        if len(token) > _LONGEST:
            return LinkFault.INVALID
        key = known.get(str(jwt.get_unverified_header(token).get("kid")))
        if key is None:
            return LinkFault.INVALID
        said: dict[str, Any] = jwt.decode(
            token, key, algorithms=[ALGORITHM], audience=app_id, issuer=ISSUER,
            # Whether it is over is asked by our own clock, below.
            options={"require": list(_NEEDED), "verify_exp": False, "verify_iat": False},
        )  # fmt: skip
        claims = LinkClaims(
            str(said["sub"]), str(said["conversation"]), int(said["epoch"]), int(said["ref"]),
            int(said["iat"]) * SECOND, int(said["exp"]) * SECOND, str(said["jti"]),
        )  # fmt: skip
    except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError):
        return LinkFault.INVALID
    return claims if now < claims.expires_at else LinkFault.EXPIRED


def jti_of(name: str) -> str:
    """Return the id of a token, the same for the same name: a mail that is written again has it.

    It has a digit, or it could be taken for a word (``core.scrub``).
    """
    for number in count():
        octets = hashlib.sha256(f"{number}\0{name}".encode(errors="replace")).digest()
        signs = base64.b32encode(octets[:_JTI_OCTETS]).decode("ascii").rstrip("=").lower()
        if any(map(str.isdigit, signs[1:-1])):
            return signs
    raise AssertionError  # the count has no end


def _key(app_number: int, octets: bytes) -> str:
    """Return the key of an app: as text, so that every library takes it as it is."""
    return hmac.digest(octets, b"login link\0" + str(app_number).encode("ascii"), "sha256").hex()
