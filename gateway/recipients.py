"""Whom does an address name, and what did we last send them? Asked at RCPT, used again at DATA.

The two come a moment apart, and the same question put twice is a tenth of all that a mail costs.
So what RCPT found is believed once more, for a few seconds (``core.recent``); whoever takes longer
is asked about again. Whether they are still there and may write is asked by the transaction in any
case. The trap: an address that is revoked in between takes this one mail, as if it had come a
second sooner.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core import domain_name
from core.address import Keyring, Token, read_local_part
from core.model.member import Correspondent
from core.rules import admission
from core.store import participants
from core.store.database import Session
from core.store.traces import Trace
from core.verdict import Reader, Reason, Reject
from gateway.reading import LATEST_DIGESTS


@dataclass(frozen=True, slots=True)
class Recipient:
    """What an address proves, whom it names (None: nobody), and our latest mails to them there."""

    token: Token
    named: Correspondent | None
    sent: Sequence[Trace] = ()


def find(session: Session, token: Token) -> Recipient:
    """Return whom a token names."""
    number, reference = token.app_number, token.reference
    found = participants.correspondence(session, number, reference, LATEST_DIGESTS)
    return Recipient(token, *found)


def token_of(recipient: str, domains: frozenset[str], keys: Keyring) -> Token | Reject:
    """Return what an address of ours proves, without asking the database."""
    local, _, domain = recipient.rpartition("@")
    if domain_name.comparable(domain) not in domains:
        return Reject(Reason.RELAY_DENIED)
    token = read_local_part(local, keys)
    return token if token is not None else Reject(Reason.UNKNOWN_ADDRESS)


def barred(token: Token, named: Correspondent | None) -> Reject | None:
    """Return why the participant a token names may not write, or None."""
    dead = admission.address_alive(token, named)
    if dead is not None or named is None:
        return Reject(dead or Reason.UNKNOWN_ADDRESS)
    refusal = admission.may_write(named)
    return Reject(refusal, reader=Reader(named.locale)) if refusal is not None else None
