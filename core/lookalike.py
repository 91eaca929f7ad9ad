"""Could a person take one address for another? And how is one shown so that they do not?

An address whose domain has one Cyrillic letter among Latin ones is somebody else's, and they can
prove it to be theirs. So whoever decides about mail from there is shown the domain as DNS knows it,
and told where it resembles one of their own (UTS 39, 4: two texts are confusable if they have one
skeleton).

Stricter than there: marks are left out as well, and digits and pairs that pass for a letter are
read as it. That an own address may not be claimed from a mail is the smaller harm.
"""

import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib import resources

from core import domain_name
from core.email_address import comparable, domain_of

_LONGEST = 1_000
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_DIGITS = {ord("0"): "o", ord("1"): "l", ord("i"): "l"}  # a big I was made small


def shown_address(sender: str) -> str:
    """Return what a person is shown of From: domains in A-labels, then in letters if it has some.

    ``sender``: an address, or several with commas between.
    """
    return ", ".join(_shown(one) for one in sender.split(", "))


def resembled(sender: str, known: Iterable[str]) -> str | None:
    """Return the known address that a sender's looks like and is not, None if there is none."""
    exact = comparable(sender)
    own = {comparable(one): one for one in known}
    if exact in own:
        return None
    skeleton = _skeleton(exact)
    return next((one for name, one in own.items() if _skeleton(name) == skeleton), None)


def _shown(address: str) -> str:
    written, domain = domain_of(address), address.rpartition("@")[2]
    if not written:
        return address
    letters = domain_name.in_letters(written)
    if letters == written and domain.isascii():
        return address
    return f"{address[: -len(domain)]}{written} ({letters})"


def _skeleton(address: str) -> str:
    """Return what all addresses share that look alike."""
    local, _, domain = address[:_LONGEST].rpartition("@")
    text = unicodedata.normalize("NFKC", f"{local}@{domain_name.in_letters(domain)}").casefold()
    plain = "".join(
        one for one in unicodedata.normalize("NFD", text) if unicodedata.category(one) != "Mn"
    )
    plain = plain.translate(_table()).translate(_DIGITS)
    for pair, sign in _PAIRS:
        plain = plain.replace(pair, sign)
    return plain


@cache
def _table() -> dict[int, str]:
    file = resources.files("core") / "data" / "lookalikes.toml"
    rows: dict[str, str] = tomllib.loads(file.read_text("utf-8"))["looks_like"]
    return {ord(one): sign for sign, alike in rows.items() for one in alike}
