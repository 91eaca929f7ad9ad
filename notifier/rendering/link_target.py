r"""Where does a link lead, and do its words say so?

Whoever writes a message may want their reader to believe that a link leads to a bank. There are
four ways: words that are another address; a name before an "@" (RFC 3986, 7.6); letters of another
script that look like the bank's; signs that a browser reads otherwise than a person. So a target
is always shown with the name that DNS knows, and nothing before it.

The trap: a browser reads ``\`` as ``/`` and decodes a host (WHATWG URL, 4.4); a target is read as
a browser would.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from core.domain_name import as_dns, in_punycode
from core.web import web_url

_PARTS = re.compile(r"((?i:https?))://(?P<authority>[^/?#\\]*)(?P<rest>.*)", re.DOTALL)
_PORT = re.compile(r":[0-9]*$")
_IPV6 = re.compile(r"\[[0-9a-f:.]+\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads. ``url`` is for a program, ``shown`` for a person."""

    url: str
    shown: str


def target_of(url: str | None) -> Target | None:
    """Return where a URL leads if a mail may link there, None if not."""
    parts = _PARTS.match(url) if url else None
    if url is None or parts is None:
        return None
    authority = parts["authority"]
    named = _as_named(authority)
    if named is None:
        return None
    if named != authority.lower() or parts["rest"].startswith("\\"):
        rest = parts["rest"]
        url = f"{parts[1]}://{named}{'/' if rest[:1] == chr(92) else ''}{rest}"
    href = web_url(url)
    return Target(href, url) if href else None


def says_where(words: str, target: Target) -> bool:
    """Tell whether words are the address that a link leads to, in letters nobody takes for others.

    A scheme that is not written and a slash at the end make no difference.
    """
    written = words.strip()
    parts = _PARTS.match(written if "://" in written else f"https://{written}")
    if parts is None or not parts["authority"].isascii() or parts["rest"].startswith("\\"):
        return False
    said = target_of(parts[0])
    # Its authority must be what is said, not what is made of it: no user info, no escapes.
    return (
        said is not None
        and _bare(said.url) == _bare(target.url)
        and _as_named(parts["authority"]) == parts["authority"].lower()
    )


def _as_named(authority: str) -> str | None:
    """Return host and port as DNS knows them, without user info; None if there is no host."""
    host_and_port = authority.rpartition("@")[2]
    port = _PORT.search(host_and_port)
    host = host_and_port[: port.start()] if port else host_and_port
    try:
        named = host.lower() if _IPV6.fullmatch(host) else _host(unquote(host))
    except ValueError:
        return None
    return named + (port[0] if port else "")


def _host(name: str) -> str:
    return as_dns(name) if name.isascii() else in_punycode(name)


def _bare(url: str) -> str:
    """Return what is compared of two URLs that mean one page."""
    parts = _PARTS.match(url)
    if parts is None:
        return url
    return f"{parts['authority'].lower()}{parts['rest'].rstrip('/')}"
