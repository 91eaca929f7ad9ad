"""May this mail add a message? Whom its address names, what they may do, and who wrote it.

Three questions that need no parser, in the order they can be asked: at RCPT whether the address
is alive, at DATA whether its owner may write, and whether the author is that owner. The token
says who it should be; the From address must agree unless the app trusts tokens alone
(talkjs-spec, 5.3).
"""

from core.address import EPOCHS, Token
from core.email_address import comparable
from core.model.app import SenderPolicy
from core.model.member import Correspondent
from core.model.participant import Access
from core.verdict import Reason


def address_alive(token: Token, named: Correspondent | None) -> Reason | None:
    """Return why an address leads nowhere, or None. Unknown and revoked sound the same."""
    if named is None or named.address_epoch % EPOCHS != token.epoch:
        return Reason.UNKNOWN_ADDRESS
    return None


def may_write(named: Correspondent) -> Reason | None:
    """Return why this participant may not write, or None."""
    if named.left_at is not None or named.access is not Access.READ_WRITE:
        return Reason.NO_ACCESS
    return None


def may_read(named: Correspondent) -> bool:
    """Tell whether this participant is there, and may read."""
    return named.left_at is None and named.access is not Access.NONE


def may_read_by(named: Correspondent, epoch: int) -> bool:
    """Tell whether a link of this epoch may show a conversation's words: it was not revoked."""
    return may_read(named) and named.address_epoch % EPOCHS == epoch


def is_theirs(named: Correspondent, author: str | None) -> Reason | None:
    """Return why a mail by this author is not the participant's own, or None.

    A user without addresses on record has none to compare with; the token decides alone.
    """
    if named.sender_policy == SenderPolicy.TOKEN or not named.addresses:
        return None
    known = {comparable(address) for address in named.addresses}
    if author is not None and comparable(author) in known:
        return None
    return Reason.SENDER_MISMATCH
