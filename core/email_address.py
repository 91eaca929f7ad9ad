"""Which texts are email addresses that we take and write? One grammar for both edges.

The dot-atom form alone (RFC 5322, 3.4.1), in any script (RFC 6532): quoted local parts, comments
and lists are nobody's address in an app, and each of them has been used to write to somebody else.
What the API takes, a digest can always be addressed to. Two addresses are one where ``comparable``
says so, and nowhere else; domains are read by ``core.domain_name``.
"""

import re
import unicodedata
from collections.abc import Iterable

from core import domain_name
from core.unseen import without_unseen

_BAD = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff<>]")
_SPECIAL = re.compile(r'[@,;:()\[\]\\"]')
_QUOTED_PAIR = re.compile(r"\\([\x20-\x7e])")
_LONGEST = 254  # RFC 5321, 4.5.3.1.3, less its brackets
_LONGEST_LOCAL = 64
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")  # RFC 1035, 2.3.1
_SMALL = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def wire_form(address: str) -> str:
    """Return an address fit for the wire, its domain in A-labels if its local part is ASCII.

    One with other letters goes by SMTPUTF8, where its domain may have them too (RFC 6532, 3.2). An
    ASCII domain stays as it was written. Raise ValueError if it is no address.
    """
    local, at, domain = address.rpartition("@")
    if _BAD.search(address) or not (at and local and domain):
        raise ValueError("not an address")
    if _SPECIAL.search(local) or _SPECIAL.search(domain):
        raise ValueError("not an address")
    if domain.isascii() or not local.isascii():
        return address
    return f"{local}@{domain_name.as_dns(domain)}"


def comparable(address: str) -> str:
    """Return what all spellings of one mailbox share, and no two mailboxes.

    RFC 5321, 2.4 leaves the case of a local part to its host; no host tells mailboxes apart by the
    case of ASCII letters. Other letters stay as they are: ``ß`` is not ``ss``, and the Kelvin sign
    is no ``k``. Marks that are written apart are put together (RFC 6532, 3.1).
    """
    local, at, domain = unquoted(address.strip()).rpartition("@")
    if not at:
        return domain.translate(_SMALL)
    return f"{_composed(local).translate(_SMALL)}@{domain_name.comparable(domain)}"


def one_spelling_each(addresses: Iterable[str]) -> dict[str, str]:
    """Return the mailboxes of addresses, as they are compared, each in its first spelling."""
    spellings: dict[str, str] = {}
    for address in addresses:
        spellings.setdefault(comparable(address), address)
    return spellings


def kept_forms(address: str) -> frozenset[str]:
    """Return the texts under which rows about a mailbox may be kept.

    Those of before domains were read by IDNA2008 have them in the letters they were given in.
    """
    return frozenset({comparable(address), address.lower()})


def domain_of(address: str) -> str:
    """Return the domain of an address in A-labels, or an empty text; ``@example.org`` has one."""
    _, at, domain = address.rpartition("@")
    try:
        return domain_name.as_dns(domain) if at else ""
    except ValueError:
        return ""


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
    """Tell whether a text is an address, and the same one to whoever reads it."""
    try:
        written = wire_form(text)
        domain = domain_name.strictly(text.rpartition("@")[2])
    except ValueError:
        return False
    local = written.rpartition("@")[0]
    octets = len(local.encode())
    lengths = octets <= _LONGEST_LOCAL and octets + 1 + len(domain) <= _LONGEST
    dots = ".." not in local and not local.startswith(".") and not local.endswith(".")
    root = text.endswith(".")  # RFC 5321, 4.1.2: no mailbox is written with the dot of the root
    shown = (
        all(unicodedata.category(sign) != "Cf" for sign in text) and without_unseen(text) == text
    )
    whole = shown and not root and unicodedata.is_normalized("NFC", local)
    return whole and lengths and dots and all(map(_LABEL.fullmatch, domain.split(".")))


def suggestion(text: str) -> str | None:
    """Return the address that somebody may have meant who wrote what is none, if one is near."""
    local, at, domain = unquoted(unicodedata.normalize("NFC", text.strip(" \t\r\n<>"))).rpartition(
        "@"
    )
    if not at or len(text) > 2 * _LONGEST:
        return None
    for read in (domain_name.as_dns, domain_name.in_punycode):
        try:
            near = f"{local}@{read(domain)}"
        except ValueError:
            continue
        return near if is_mailbox(near) else None
    return None


def _composed(local: str) -> str:
    """Return a local part in NFC, unless that would write a sign of another script in ASCII."""
    if local.isascii():
        return local
    composed = unicodedata.normalize("NFC", local)
    to_ascii = sum(map(str.isascii, composed)) > sum(map(str.isascii, local))
    return local if to_ascii else composed
