"""Which mailbox provider is behind an address?

Providers are known by the recipient's domain, from a list (``data/mailbox_providers.toml``): we
hand mail to a relay and do not ask for its MX. Of a domain that is on no list nothing is known.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from core.email_address import domain_of

_MOST_LABELS = 3  # of a family's domain: yahoo.co.uk


@dataclass(frozen=True, slots=True)
class _Providers:
    """Providers by domain and by family, and the names of all."""

    domains: dict[str, str]
    families: dict[str, str]


def provider_of(address: str) -> str:
    """Return the provider behind an address, empty if none is known."""
    domain = domain_of(address).lower()
    found = _providers().domains.get(domain)
    if found is not None:
        return found
    labels = domain.split(".")
    if 2 <= len(labels) <= _MOST_LABELS:
        return _providers().families.get(labels[0], "")
    return ""


def provider_names() -> tuple[str, ...]:
    """Return the names of all providers, sorted."""
    known = _providers()
    return tuple(sorted({*known.domains.values(), *known.families.values()}))


@cache
def _providers() -> _Providers:
    file = resources.files("core") / "data" / "mailbox_providers.toml"
    told = tomllib.loads(file.read_text("utf-8"))["provider"]
    return _Providers(
        {domain: one["name"] for one in told for domain in one["domains"]},
        {family: one["name"] for one in told for family in one["families"]},
    )
