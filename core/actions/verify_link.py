"""May whoever holds this token come in? Asked by the app, which then logs them in by itself.

What the token says is proven; whether it still holds is looked up: the person must be in the
conversation, with access, at the address that the mail went to, and be the same as then: not
somebody made anew under the same ids. Nothing is used up by asking.
"""

from dataclasses import dataclass

from core.actions import found_app
from core.address import Keyring
from core.errors import NotAllowed
from core.link_token import LinkClaims, LinkFault, read_link
from core.model.participant import Access, Participant
from core.moment import Moment
from core.store import participants
from core.store.database import Session

_WHY = {
    LinkFault.INVALID: "This token was not signed by us for this app.",
    LinkFault.EXPIRED: "This token has expired.",
}


@dataclass(frozen=True, slots=True)
class VerifiedLink:
    """Who may come in, and what they may do there."""

    claims: LinkClaims
    access: Access


def verify_link(
    session: Session, app_id: str, token: str, keys: Keyring, now: Moment
) -> VerifiedLink:
    """Return who may come in by a token, or raise NotAllowed and say why they may not."""
    app = found_app.existing(session, app_id)
    claims = read_link(token, (app.app_id, app.number), keys, now)
    if isinstance(claims, LinkFault):
        raise NotAllowed(_WHY[claims], code=f"LINK_{claims.upper()}")
    found = participants.find(session, app_id, claims.conversation_id, claims.user_id)
    if found is None or not _may_read(found):
        raise NotAllowed("They are not in the conversation any more.", code="LINK_NO_ACCESS")
    if (found.reference, found.address_epoch) != (claims.reference, claims.epoch):
        raise NotAllowed("The address it was sent for was revoked.", code="LINK_REVOKED")
    return VerifiedLink(claims, found.access)


def _may_read(one: Participant) -> bool:
    return one.left_at is None and one.access is not Access.NONE
