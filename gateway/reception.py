"""What receiving mail needs: where it is kept, whose addresses are ours, who reads, the time."""

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from core.address import Keyring
from core.clock import Clock
from core.files.base import Files
from core.files.place import open_files
from core.store.database import Database
from gateway.addressee import Lately
from gateway.mail.attachments import DEFAULT, Limits
from gateway.sender.who import NOBODY_CHECKS, Senders
from gateway.ward import Ward


@dataclass(frozen=True, slots=True)
class Reception:
    """One reception.

    ``domains``: where replies come to. ``nudge`` wakes the notifier of this process. ``raw_days``:
    for how long a mail's octets are kept. ``mail_domain`` stands in our Message-IDs. ``operator``:
    where mail to postmaster is passed on to. ``reader``: the one thread that reads large mails.
    """

    database: Database
    keys: Keyring
    domains: frozenset[str]
    clock: Clock
    nudge: Callable[[], None]
    raw_days: int = 30
    mail_domain: str = "localhost"
    limits: Limits = DEFAULT
    files: Files = field(default_factory=partial(open_files, "memory://"))
    senders: Senders = NOBODY_CHECKS
    ward: Ward | None = None
    operator: str | None = None
    lately: Lately = field(default_factory=Lately)
    reader: Executor = field(default_factory=partial(ThreadPoolExecutor, 1, "reading"))
