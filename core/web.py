"""What may a link lead to? The web, by characters that no reader of a mail or a reply trips over.

URLs come from strangers and from templates that are filled in with what strangers typed.
"""

import re
from urllib.parse import quote

MAX_URL = 2_000
_WEB = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)
_KEPT_IN_URLS = ":/?#[]@!$&'()*+,;=%~"


def web_url(url: str | None) -> str | None:
    """Return a URL we may link to: http or https, nothing but URI characters (RFC 3986, 2)."""
    if not url or len(url) > MAX_URL or not url.isprintable() or not _WEB.match(url):
        return None
    quoted = quote(url, safe=_KEPT_IN_URLS, errors="replace")
    return quoted if len(quoted) <= MAX_URL else None
