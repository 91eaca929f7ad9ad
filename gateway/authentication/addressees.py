"""Which addresses does a To or Cc field name? Addr-specs alone (RFC 5322, 3.4), in one pass.

A display name, a comment and the name of a group are words that whoever wrote them chose; only
what a mail would be sent to counts. The trap is reading too kindly: a client copies a stranger's
display name into To, and that name may be an address of ours. So what is not plainly an address
names nobody, nothing is decoded, and a field that is not well-formed names nobody at all.
"""

import re
from dataclasses import dataclass

from core import email_address
from gateway.authentication.results_field import without_comments

_QUOTED = r'"(?:[^"\\]|\\.)*+"'
_ELEMENT = re.compile(rf'(?:{_QUOTED}|<(?:{_QUOTED}|[^"<>])*+>|[^",;<>])++|([<>])', re.DOTALL)
_ANGLED = re.compile(rf'(?:{_QUOTED}|[^"<>])*+<((?:{_QUOTED}|[^"<>])*+)>\s*', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Ours:
    """The address of ours that a mail came to, and the domains under which we take mail for it."""

    recipient: str
    domains: frozenset[str] = frozenset()

    def is_among(self, addresses: tuple[str, ...]) -> bool:
        """Whether one of these is that address, in any spelling of it."""
        local = _local(self.recipient)
        domains = self.domains | {email_address.domain_of(email_address.unquoted(self.recipient))}
        return bool(local) and any(
            _local(one) == local and email_address.domain_of(email_address.unquoted(one)) in domains
            for one in addresses
        )


def addressees(value: str) -> tuple[str, ...]:
    """Return the addr-specs of a To or Cc field's value; none of what could be read two ways."""
    plain = without_comments(value)
    if plain is None:
        return ()
    found: list[str] = []
    for element in _ELEMENT.finditer(plain):
        if element[1]:  # a bracket without its other one
            return ()
        if (address := _addr_spec(element[0])) is not None:
            found.append(address)
    return tuple(found)


def _addr_spec(element: str) -> str | None:
    """Return the address of one member of the list, without the blanks of its folding."""
    bare = element
    if "<" in element:
        angled = _ANGLED.fullmatch(element)
        if angled is None:
            return None
        bare = angled[1].strip()
        if not bare.startswith("@"):
            return _unfolded(bare)
    return _unfolded(bare.rpartition(":")[2])  # behind a route (4.4) or a group's name


def _unfolded(address: str) -> str:
    return re.sub(r"\s", "", address)


def _local(address: str) -> str:
    """Return a local part as one text for its forms: the letters' case, quotes, plus or dot."""
    local = email_address.unquoted(address).rpartition("@")[0].lower()
    return local[:1] + "+" + local[2:] if local[1:2] == "." else local
