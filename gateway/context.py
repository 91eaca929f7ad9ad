"""What every way in needs: where things are kept, whose addresses are ours, who reads, the time.

One value, made by the wiring and handed down; nobody in the gateway keeps anything of the kind
elsewhere.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from core.address import Keyring, Purpose, Token, local_part
from core.changes import Changes
from core.clock import Clock
from core.files.base import Files
from core.files.place import open_files
from core.mail_preview import MailPreviews
from core.memory_budget import MemoryBudget
from core.model.participant import Participant
from core.recent import Recent
from core.rules.day_limit import DAY_LIMITS, DayLimits
from core.store.database import Database
from gateway.authentication.check import NOBODY_CHECKS, SenderChecks
from gateway.isolation.child_slots import ChildSlots
from gateway.isolation.offload import Readers
from gateway.mail.attachments import DEFAULT, FileLimits
from gateway.recipients import Recipient


def _nobody() -> None:
    """Wake nobody."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the gateway works with.

    ``public_url``: where people reach our pages, without a slash at its end. ``reply_domain``:
    where replies come to; ``bounce_domain``: where reports do, if elsewhere; ``domains``: both.
    ``mail_domain`` stands in our Message-IDs. ``nudge`` wakes the notifier of this process.
    ``raw_days``: for how long a mail's octets are kept. ``largest``: the most octets of a mail.
    ``children``: how many kept mails are read in child processes at once. ``operator``: where mail
    to postmaster is passed on to. ``recent``: whom RCPT found behind an address, until DATA takes
    it. ``changes``: what happens in conversations, for whoever watches; None where nobody runs it,
    as in a command. ``remembers``: whether it is remembered how a person's mails end.
    ``day_limits``: how much mail one address may bring in a day. ``memory``: what is held of what
    comes in, by all ways in. ``previews``: what writes mails to be shown; None where nothing does.
    """

    database: Database
    clock: Clock
    keys: Keyring
    public_url: str
    reply_domain: str
    bounce_domain: str = ""
    mail_domain: str = "localhost"
    separator: str = "+"
    sender_policy: str = "strict"
    nudge: Callable[[], None] = _nobody
    raw_days: int = 30
    largest: int = 25 * 1024 * 1024
    limits: FileLimits = DEFAULT
    files: Files = field(default_factory=partial(open_files, "memory://"))
    senders: SenderChecks = NOBODY_CHECKS
    readers: Readers = field(default_factory=Readers)
    children: ChildSlots = field(default_factory=ChildSlots)
    operator: str | None = None
    recent: Recent[str, Recipient] = field(default_factory=Recent)
    changes: Changes | None = None
    remembers: bool = True
    day_limits: DayLimits = DAY_LIMITS
    memory: MemoryBudget = field(default_factory=MemoryBudget)
    previews: MailPreviews | None = None
    domains: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Know whose addresses are ours: asked at each RCPT."""
        ours = frozenset({self.reply_domain, self.bounce_domain or self.reply_domain})
        object.__setattr__(self, "domains", ours)  # the one way to set what is frozen

    def reply_address(self, app_number: int, participant: Participant) -> str:
        """Return the address at which a participant answers."""
        epoch = participant.address_epoch % 256
        token = Token(Purpose.REPLY, app_number, participant.reference, epoch)
        local = local_part(Purpose.REPLY, self.keys.sign(token), self.separator)
        return f"{local}@{self.reply_domain}"
