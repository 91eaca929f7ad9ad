"""Which words of a URL are a secret? For whatever shows the effective settings.

Passwords stand in the user info of a URL and among its parameters, in settings that are no secret
otherwise. So every setting that is a URL is shown through here, whichever section it stands in:

    postgresql://me:pw@db/r           postgresql://me:**********@db/r
    s3://AKIA:pw@bucket/x?region=eu   s3://**********@bucket/x?region=eu
    s3://bucket/x?secret_key=pw       s3://bucket/x?secret_key=**********

The trap: what a parameter is called cannot tell that its value is a secret: each driver has names
of its own, and a name may be percent-encoded. So those known to be none are shown, and no others.
"""

import re
from typing import Any

STARS = "**********"

# What is no secret: libpq's (PostgreSQL manual, 34.1.2), asyncpg's and obstore's parameters.
_PLAIN = frozenset(
    {
        *("host", "hostaddr", "port", "user", "dbname", "database", "application_name"),
        *("sslmode", "ssl", "sslcert", "sslkey", "sslrootcert", "target_session_attrs"),
        *("connect_timeout", "timeout", "region", "endpoint", "bucket", "mode", "cache"),
    }
)
# An empty authority has no user info: an at sign behind it is a file's (RFC 3986, 3.2).
_USER_INFO = re.compile(r"(?s)://(?!/).*@")
_PASSWORD = re.compile(r"(?s)(://[^:/?@]*):.*@")
_PARAMETER = re.compile(r"([?&;])([^=&;#?]*)=([^&;#]*)")


def shown(value: Any) -> Any:
    """Return settings as they may be shown: each URL in them without its secrets."""
    match value:
        case str() if "://" in value:
            return starred(value)
        case dict():
            return {name: shown(inner) for name, inner in value.items()}
        case list():
            return [shown(inner) for inner in value]
        case _:
            return value


def starred(url: str) -> str:
    """Return a URL without its secrets; of a database's, the user's name is shown.

    A password may hold the very signs that part a URL, so user info is taken to end at the last
    at sign: rather more is starred than less.
    """
    if url.startswith("postgres"):
        url = _PASSWORD.sub(rf"\1:{STARS}@", url)
    else:
        url = _USER_INFO.sub(f"://{STARS}@", url)
    return _PARAMETER.sub(_without_secret, url)


def _without_secret(found: re.Match[str]) -> str:
    sign, name, value = found.groups()
    return f"{sign}{name}={value if name.lower() in _PLAIN else STARS}"
