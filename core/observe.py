"""What the log says: one event per step of a journey, under a fixed name.

Addresses, texts and tokens never appear at info level; ids do. ``configure`` is called once, by
the door. A line that cannot be written is lost, and nothing else is: a full disk under the log
must neither end the process nor turn the answer to a mail into an error.
"""

import logging
import sys
from contextlib import suppress
from enum import StrEnum
from functools import cache
from typing import Any, TextIO, cast

from core.lazy_import import without

with without("rich"):  # it would draw the exceptions that are told in plain lines below
    import structlog


class Event(StrEnum):
    """The events an operator can grep for."""

    STARTED = "process.started"
    STOPPED = "process.stopped"
    NO_SETTINGS = "config.no_settings"
    MAIL_ANSWERED = "mail.answered"
    MAIL_FAILED = "mail.failed"
    DIED_READING = "mail.died_reading"
    BUDGET_SPENT = "mail.budget_spent"
    SESSION_REFUSED = "smtp.session_refused"
    SESSION_CUT = "smtp.session_cut"
    CONNECTIONS_FULL = "http.connections_full"
    CONNECTION_CUT = "http.connection_cut"
    MEMORY_FULL = "process.memory_full"
    FEW_DESCRIPTORS = "process.few_descriptors"
    CERTIFICATE_RENEWED = "smtp.certificate_renewed"
    CERTIFICATE_KEPT = "smtp.certificate_kept"
    HANGUP_IGNORED = "smtp.hangup_ignored"
    SENDER_UNCHECKED = "sender.unchecked"
    BURST_DECIDED = "burst.decided"
    DIGEST_ENDED = "digest.ended"
    THEME_FAILED = "theme.failed"
    DIGEST_UNWRITTEN = "digest.unwritten"
    WEBHOOK_ENDED = "webhook.ended"
    REQUEST_FAILED = "http.failed"
    SERVER_FAILED = "http.server_failed"
    LANE_CLOSED = "lane.closed"
    LANE_OPENED = "lane.opened"
    WORKER_FAILED = "worker.failed"
    HELD_DECIDED = "held.decided"
    FORGOTTEN = "store.forgotten"
    PREFERENCES_CHOSEN = "recipient.preferences_chosen"
    OPTED_OUT = "recipient.opted_out"
    SUPPRESSED_BY_HAND = "suppression.added"
    SUPPRESSION_LIFTED = "suppression.lifted"
    BUS_BROKEN = "changes.bus_broken"
    LOOK_FAILED = "changes.look_failed"


class _Lossy:
    """A stream that loses what it cannot write."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, or not."""
        with suppress(OSError, ValueError):  # full, gone, or closed
            return self._stream.write(text)
        return 0

    def flush(self) -> None:
        """Write what waits, or not."""
        with suppress(OSError, ValueError):  # full, gone, or closed
            self._stream.flush()


def configure(level: str, *, json: bool) -> None:
    """Send structured lines to standard error, as JSON or readable."""
    renderer = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_level(level)),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Lossy(sys.stderr))),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    logger.cache_clear()  # the one there was has taken on what was configured before


@cache
def logger() -> Any:
    """Return the logger."""
    return structlog.get_logger()


def _level(name: str) -> int:
    return logging.getLevelNamesMapping()[name.upper()]
