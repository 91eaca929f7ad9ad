"""May a mail load a user's picture? Only from hosts that the app has named; from none by itself.

A picture in a mail is loaded when it is opened, from where its address says: whoever chose the
address learns who opened the mail, when, and from where. Users choose the address of their own
picture, so none is loaded unless the app names the hosts that may see its readers
(``photoHosts``). Fetching pictures ourselves, with bounds and a cache, would spare that choice;
we do not do it.

The trap: a mail program must find the same host in the address as we do. So only the plainest
form is taken: https, a host in ASCII, no user info, no port but the usual.
"""

import re
from collections.abc import Collection

from core.web import web_url

_PLAIN = re.compile(r"https://([a-z0-9.-]+)(?::443)?(?=[/?#]|$)", re.IGNORECASE)


def photo_url(url: str | None, hosts: Collection[str]) -> str | None:
    """Return the address of a picture that a mail may load, None where it may not.

    ``hosts`` are whole names in lower case and A-labels (RFC 5890, 2.3.2.1); what lies under one
    is not named by it.
    """
    address = web_url(url)
    found = _PLAIN.match(address) if address and hosts else None
    return address if found and found[1].lower() in hosts else None
