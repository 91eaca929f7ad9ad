"""The errors that are surprises; expected endings are values (``verdict``, ``outcome``).

    RejoinderError
    ├── SettingsError        the configuration is wrong: the process does not start
    ├── StoreUnavailable     the database cannot answer now: 4xx, 503, try again
    │   ├── StoreFull        there is no room on its disk
    │   └── StoreBroken      what is on its disk is damaged: only the operator can help
    ├── DatabaseInUse        another process owns the embedded database
    ├── TooBusy              others are served first, for too long: 503, try again
    └── InvalidRequest       a caller asked for something that makes no sense (code and reasons)
        ├── NotFound
        ├── TooOften
        └── NotAllowed

The docstring of each class is its default message.
"""


class RejoinderError(Exception):
    """Something went wrong."""

    def __init__(self, message: str | None = None) -> None:
        """Say what went wrong, or let the class speak for itself."""
        super().__init__(message or (type(self).__doc__ or "").strip())


class SettingsError(RejoinderError):
    """The configuration is wrong."""


class StoreUnavailable(RejoinderError):  # noqa: N818  reads as a state, like the others
    """The database cannot answer now."""


class StoreFull(StoreUnavailable):
    """There is no room left on the disk."""


class StoreBroken(StoreUnavailable):
    """The database is damaged."""


class DatabaseInUse(RejoinderError):  # noqa: N818
    """Another process owns this database."""


class TooBusy(RejoinderError):  # noqa: N818  reads as a state, like the others
    """Others are served first."""


class InvalidRequest(RejoinderError):  # noqa: N818
    """The request makes no sense."""

    code = "INVALID_ARGUMENT"

    def __init__(self, *reasons: str, code: str | None = None) -> None:
        """Keep the reasons, each a sentence for the caller, and the stable code."""
        super().__init__("; ".join(reasons) or None)
        self.reasons = list(reasons)
        self.code = code or type(self).code


class NotFound(InvalidRequest):
    """There is no such thing."""

    code = "NOT_FOUND"


class NotAllowed(InvalidRequest):
    """That is not theirs to do."""

    code = "NOT_ALLOWED"


class TooOften(InvalidRequest):
    """That was asked for too often; ``after`` so many seconds it may be asked again."""

    code = "TOO_OFTEN"

    def __init__(self, reason: str, *, after: int) -> None:
        """Keep the reason, and when it may be asked again."""
        super().__init__(reason)
        self.after = after
