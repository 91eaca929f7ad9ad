"""What the log says: one event per step of a journey, under a fixed name.

Addresses, texts and tokens never appear at info level; ids do. ``configure`` is called once, by
the door.
"""

import logging
import sys
from enum import StrEnum
from typing import Any

import structlog


class Event(StrEnum):
    """The events an operator can grep for."""

    STARTED = "process.started"
    STOPPED = "process.stopped"
    MAIL_ANSWERED = "mail.answered"
    MAIL_FAILED = "mail.failed"
    SESSION_REFUSED = "smtp.session_refused"
    BURST_DECIDED = "burst.decided"
    DIGEST_ENDED = "digest.ended"
    WEBHOOK_ENDED = "webhook.ended"
    REQUEST_FAILED = "http.failed"
    WORKER_FAILED = "worker.failed"
    HELD_DECIDED = "held.decided"
    FORGOTTEN = "store.forgotten"
    OPTED_OUT = "recipient.opted_out"


def configure(level: str, *, json: bool) -> None:
    """Send structured lines to standard error, as JSON or readable."""
    renderer = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_level(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)


def logger() -> Any:
    """Return the logger."""
    return structlog.get_logger()


def _level(name: str) -> int:
    return logging.getLevelNamesMapping()[name.upper()]
