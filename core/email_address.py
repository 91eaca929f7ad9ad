"""Which texts are email addresses that we take and write? One grammar for both edges.

The dot-atom form alone (RFC 5322, 3.4.1), in any script (RFC 6532): quoted local parts, comments
and lists are nobody's address in an app, and each of them has been used to write to somebody else.
What the API takes, a digest can always be addressed to.
"""

import re
import unicodedata

_BAD = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff<>]")
_SPECIAL = re.compile(r'[@,;:()\[\]\\"]')
_QUOTED_PAIR = re.compile(r"\\([\x20-\x7e])")
_LONGEST = 254  # RFC 5321, 4.5.3.1.3, less its brackets
_LONGEST_LOCAL = 64
_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")  # RFC 1035, 2.3.1, in any script


def wire_form(address: str) -> str:
    """Return an address fit for the wire, its domain in ASCII if its local part is (RFC 6532).

    Raise ValueError if it is no address.
    """
    local, at, domain = address.rpartition("@")
    if _BAD.search(address) or not (at and local and domain):
        raise ValueError("not an address")
    if _SPECIAL.search(local) or _SPECIAL.search(domain):
        raise ValueError("not an address")
    if domain.isascii() or not local.isascii():
        return address
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError as error:
        raise ValueError("a domain that cannot be") from error


def unquoted(address: str) -> str:
    """Return the plain spelling of an address that came over SMTP.

    A quoted local part names the same mailbox as the one without quotes (RFC 5321, 4.1.2), and a
    domain may end in the dot of the root. What is no address comes back as it is.
    """
    local, at, domain = address.rpartition("@")
    if not at:
        return address
    if len(local) > 2 and local[0] == local[-1] == '"':
        local = _QUOTED_PAIR.sub(r"\1", local[1:-1])
    return f"{local}@{domain.removesuffix('.')}"


def is_mailbox(text: str) -> bool:
    """Tell whether a text is an address."""
    try:
        written = wire_form(text)
    except ValueError:
        return False
    local, _, domain = written.rpartition("@")
    lengths = len(written.encode()) <= _LONGEST and len(local.encode()) <= _LONGEST_LOCAL
    dots = ".." not in local and not local.startswith(".") and not local.endswith(".")
    shown = all(unicodedata.category(sign) != "Cf" for sign in text)
    return lengths and dots and shown and all(map(_LABEL.fullmatch, domain.split(".")))
