"""What dispatching needs: where things are kept, who we are, the way out, the time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from core.actions.forget import Keeping
from core.clock import Clock
from core.files.base import Files
from core.files.place import open_files
from core.store.database import Database
from notifier.rendering.dkim import Signer
from notifier.rendering.letter import Sender
from notifier.scheduling.lane import Lane
from notifier.transports.base import Transport


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk. ``lifetime_hours``: for how long a mail is tried. ``jitter``: from 0 to 1."""

    database: Database
    transport: Transport
    sender: Sender
    signers: tuple[Signer, ...]
    lane: Lane
    clock: Clock
    jitter: Callable[[], float]
    lifetime_hours: int = 48
    keeping: Keeping = field(default_factory=Keeping)
    files: Files = field(default_factory=partial(open_files, "memory://"))
