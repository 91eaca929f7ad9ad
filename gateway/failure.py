"""The last line of defence of every way in: what went wrong is ours, so it is temporary.

Whatever goes wrong while a mail is answered gets a 4xx with a reference that also stands in the
log; the peer keeps the mail and tries again.
"""

from core.errors import StoreBroken, StoreFull, StoreUnavailable
from core.observe import Event, logger
from core.verdict import Defer, Reason


def failed(error: Exception, reference: str) -> Defer:
    """Log what went wrong and return the temporary verdict it deserves."""
    if isinstance(error, StoreUnavailable):
        grave = isinstance(error, StoreBroken | StoreFull)
        tell = logger().error if grave else logger().warning
        tell(Event.MAIL_FAILED, reference=reference, reason=str(error))
        full = isinstance(error, StoreFull)
        return Defer(Reason.STORAGE_FULL if full else Reason.STORAGE_UNAVAILABLE)
    logger().error(Event.MAIL_FAILED, reference=reference, exc_info=error)
    return Defer(Reason.INTERNAL_ERROR)
