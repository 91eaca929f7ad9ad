"""What the way out needs: where things are kept, who we are, the channels, the endpoints, the time.

One value for the whole side, made once by the wiring: ``dispatch`` looks a delivery's channel up in
it, ``webhooks`` finds the client that calls endpoints, ``queue`` the database and the clock.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from core.actions.forget import Keeping
from core.clock import Clock
from core.files.base import Files
from core.files.place import open_files
from core.store.database import Database
from notifier.channels.base import Channel
from notifier.channels.webhook.call import WebhookClient
from notifier.rendering.identity import Identity
from notifier.scheduling.shares import Shares

_CALLS_AT_ONCE = 48  # a call is mostly waiting; there are a few more connections than that


@dataclass(frozen=True, slots=True)
class NotifierContext:
    """What deciding, delivering and telling need.

    ``channels``: by the name a delivery has. ``jitter``: the share by which a wait is shifted,
    from -1 to 1. ``lifetime_hours``: for how long a delivery is tried. ``shares``: which apps'
    endpoints may be called now.
    """

    database: Database
    clock: Clock
    identity: Identity
    channels: Mapping[str, Channel[Any]]
    webhook: WebhookClient
    jitter: Callable[[], float]
    lifetime_hours: int = 48
    keeping: Keeping = field(default_factory=Keeping)
    files: Files = field(default_factory=partial(open_files, "memory://"))
    shares: Shares = field(default_factory=partial(Shares, _CALLS_AT_ONCE))
