"""Does one provider keep the same mailbox under both domains? By a list, which names its sources.

An address is named by its other domain where its provider has two for it: googlemail.com as
gmail.com. That is no other organization, though no name in DNS tells so.
"""

import tomllib
from functools import cache
from importlib import resources
from typing import Any


def are_aliases(domain: str, other: str) -> bool:
    """Tell whether mail to a name at either domain may go to one mailbox. Both in DNS form.

    ``other``: may also be the name that a provider has for any customer's domain within.
    """
    if other.endswith(_inner_suffixes()):
        return True
    provider = _providers().get(domain)
    return domain == other or (provider is not None and provider == _providers().get(other))


@cache
def _providers() -> dict[str, str]:
    """Return the provider of each domain that is listed."""
    return {domain: one["name"] for one in _listed()["provider"] for domain in one["domains"]}


@cache
def _inner_suffixes() -> tuple[str, ...]:
    """Return how the names end that providers have for their customers' domains."""
    return tuple(f".{domain}" for one in _listed()["inner"] for domain in one["domains"])


def _listed() -> dict[str, Any]:
    file = resources.files("gateway.mailboxes") / "data" / "alias_domains.toml"
    return tomllib.loads(file.read_text("utf-8"))
