"""What is asked of a link's token, and how who comes by it is told."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from core.actions.verify_link import VerifiedLink
from gateway.http.bodies.base import JsonBody, clean

Json = dict[str, Any]


class TokenBody(JsonBody):
    """The token out of a link."""

    token: Annotated[str, AfterValidator(clean), Field(min_length=1, max_length=4_000)]


def verified_shape(found: VerifiedLink) -> Json:
    """Return who comes by a link. Moments are milliseconds, as everywhere."""
    claims = found.claims
    return {
        "userId": claims.user_id,
        "conversationId": claims.conversation_id,
        "access": found.access.value,
        "issuedAt": claims.issued_at,
        "expiresAt": claims.expires_at,
        "jti": claims.id,
    }
