"""Who are we in what we send? The domains, keys and URL that links and addresses are made of.

Every link and address carries a token that proves itself; what a channel shows of them is its own
affair.
"""

from dataclasses import dataclass

from core.address import Keyring, Purpose, Token, local_part
from core.files.link import Link, reader_of, sign
from core.link_token import LinkClaims, jti_of, sign_link
from core.model.burst import Burst
from core.model.delivery import Delivery
from core.moment import DAY, HOUR, Moment


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are in the mails we send."""

    keys: Keyring
    domain: str
    bounce_domain: str
    list_domain: str
    separator: str
    from_address: str
    from_name: str | None
    public_url: str
    file_days: int = 30
    login_hours: int = 168

    def address(self, purpose: Purpose, token: Token) -> str:
        """Return the address that carries a token."""
        domain = self.bounce_domain if purpose is Purpose.BOUNCE else self.domain
        return f"{local_part(purpose, self.keys.sign(token), self.separator)}@{domain}"

    def link(self, path: str, token: Token) -> str:
        """Return the URL that carries a token."""
        return self._url(path, self.keys.sign(token))

    def ways_to_stop(self, token: Token) -> tuple[str, str]:
        """Return the URL and the address that carry the same token, signed once."""
        signed = self.keys.sign(token)
        local = local_part(Purpose.OPT_OUT, signed, self.separator)
        return self._url("u", signed), f"{local}@{self.domain}"

    def file_link(self, burst: Burst, reference: int, since: Moment) -> str:
        """Return the URL of a file, which works for some days, while the reader may read it."""
        reader = reader_of(burst.participant.reference, burst.participant.address_epoch)
        file = Link(burst.app.number, reference, since + self.file_days * DAY, reader)
        return self._url("f", sign(file, self.keys))

    def login_token(self, burst: Burst, delivery: Delivery) -> str:
        """Return the token that lets a reader into this conversation, for some hours."""
        who, since = burst.participant, delivery.created_at
        claims = LinkClaims(
            user_id=burst.user.id,
            conversation_id=burst.conversation.id,
            epoch=who.address_epoch,
            reference=who.reference,
            issued_at=since,
            expires_at=since + self.login_hours * HOUR,
            id=jti_of(f"{burst.app.app_id}/{delivery.id}"),
        )
        return sign_link(claims, (burst.app.app_id, burst.app.number), self.keys)

    def _url(self, path: str, token: str) -> str:
        return f"{self.public_url.rstrip('/')}/{path}/{token}"


def participant_token(purpose: Purpose, burst: Burst) -> Token:
    """Return what names a burst's participant in an address or a link, until it is revoked."""
    who = burst.participant
    # One octet of the epoch is in the token: it says "not this one any more", it does not count.
    return Token(purpose, burst.app.number, who.reference, who.address_epoch % 256)
