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
from gateway.authentication.check import NOBODY_CHECKS, SenderChecks
from gateway.isolation.crash_log import CrashLog
from gateway.mail.attachments import DEFAULT, FileLimits
from gateway.recipients import RecentRecipients


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
    limits: FileLimits = DEFAULT
    files: Files = field(default_factory=partial(open_files, "memory://"))
    senders: SenderChecks = NOBODY_CHECKS
    ward: CrashLog | None = None
    operator: str | None = None
    lately: RecentRecipients = field(default_factory=RecentRecipients)
    reader: Executor = field(default_factory=partial(ThreadPoolExecutor, 1, "reading"))
