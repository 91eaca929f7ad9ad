"""How are the addresses that a participant was given revoked? For good.

A token says a participant's epoch in one octet, and raising the epoch revokes. The trap is where
the octet is full: the next epoch sounds like the first, and the first address would live again.
So there the participant gets a new reference, which no address has ever named.
"""

from core.address import EPOCHS
from core.ids import new_reference
from core.model.participant import Participant


def revoke(one: Participant) -> None:
    """Make every address this participant was ever given lead nowhere.

    With the 256th time the links to opt out in old mails lead nowhere either.
    """
    one.address_epoch += 1
    if one.address_epoch >= EPOCHS:
        one.address_epoch, one.reference = 0, new_reference()
