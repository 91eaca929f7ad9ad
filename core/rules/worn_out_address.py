"""When is an address worn out, though nobody ever said that it is gone?

A full mailbox is emptied, a domain's DNS is repaired: one such failure says nothing of the address.
Many, on several days, say that nobody looks after it. Days count and not only failures, because
one bad afternoon of one server fails all that is sent to it.
"""

from collections.abc import Collection

from core.moment import DAY, Moment

WINDOW = 30 * DAY
_FAILURES = 5
_DAYS = 3


def is_worn_out(failures: Collection[Moment], now: Moment) -> bool:
    """Say whether soft failures at these moments are too many within the window."""
    recent = [moment for moment in failures if now - WINDOW < moment <= now]
    return len(recent) >= _FAILURES and len({moment // DAY for moment in recent}) >= _DAYS
