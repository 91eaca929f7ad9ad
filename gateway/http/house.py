"""What the HTTP door needs of the house, and how a route gets at it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, cast

from fastapi import Depends, Request

from core.address import Keyring, Purpose, Token, local_part
from core.clock import Clock
from core.files.base import Files
from core.files.place import open_files
from core.model.participant import Participant
from core.store.database import Database
from gateway.mail.attachments import DEFAULT, FileLimits


def _in_memory() -> Files:
    return open_files("memory://")


def _nobody() -> None:
    """Wake nobody."""


@dataclass(frozen=True, slots=True)
class House:
    """Where things are kept, whose addresses are ours, the time, and whom to wake."""

    database: Database
    clock: Clock
    keys: Keyring
    public_url: str
    reply_domain: str
    separator: str = "+"
    sender_policy: str = "strict"
    nudge: Callable[[], None] = _nobody
    limits: FileLimits = DEFAULT
    files: Files = field(default_factory=_in_memory)

    def reply_address(self, app_number: int, participant: Participant) -> str:
        """Return the address at which a participant answers."""
        epoch = participant.address_epoch % 256
        token = Token(Purpose.REPLY, app_number, participant.reference, epoch)
        local = local_part(Purpose.REPLY, self.keys.sign(token), self.separator)
        return f"{local}@{self.reply_domain}"


async def house_of(request: Request) -> House:  # a plain function would be run in a thread
    """Return the house that a request is served in."""
    return cast("House", request.state.house)


At = Annotated[House, Depends(house_of)]
