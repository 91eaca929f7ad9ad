"""Which place does a URL name, and where are files kept if no URL is set?"""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from core.config.starred import shown
from core.errors import SettingsError
from core.files.base import Files
from core.files.bucket import BucketFiles
from core.files.folder import FolderFiles
from core.lazy_import import lazy_import

if TYPE_CHECKING:
    import obstore
else:
    obstore = lazy_import("obstore")

_BUCKETS = frozenset({"s3", "s3a", "gs", "az", "abfs", "abfss", "azure"})
_RETRY_TIMEOUT = timedelta(seconds=30)  # a mail server waits for our 250 meanwhile


def open_files(url: str) -> Files:
    """Open the place of a URL. Raise SettingsError if it names none."""
    scheme, is_url, _ = url.partition("://")
    if not is_url:  # not shown: it may begin with a key
        raise SettingsError("files.url: is no URL (as s3://bucket/prefix)")
    if scheme == "memory":
        return BucketFiles(obstore.store.MemoryStore)
    if scheme == "file":
        return FolderFiles(Path(unquote(urlsplit(url).path)))
    if scheme not in _BUCKETS:
        raise SettingsError(f"files.url: '{scheme}' is none of file, s3, gs, az, memory")
    try:
        store = obstore.store.from_url(
            url, config={}, retry_config={"max_retries": 5, "retry_timeout": _RETRY_TIMEOUT}
        )
    except (obstore.exceptions.BaseError, ValueError) as error:
        raise SettingsError(f"files.url: {shown(str(error).splitlines()[0])}") from None
    return BucketFiles(lambda: store)


def default_url(database_url: str) -> str:
    """Return where files are kept if nothing is set: a folder beside the embedded database.

    Several processes on one PostgreSQL need a place they share, which only the operator knows; one
    process alone does well with a folder where it was started.
    """
    return beside(database_url, "files").as_uri()


def beside(database_url: str, what: str) -> Path:
    """Return a folder of this machine: beside an embedded database, or where we were started."""
    scheme, _, rest = database_url.partition("://")
    if scheme.partition("+")[0] != "sqlite":
        return Path(f"rejoinder.{what}").absolute()
    file = Path(rest.partition("?")[0].removeprefix("/") or "rejoinder.db")
    return file.with_name(f"{file.name}.{what}").absolute()
