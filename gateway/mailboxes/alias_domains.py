"""Does one provider keep the same mailbox under both domains? By a list, which names its sources.

An address is named by its other domain where its provider has two for it: googlemail.com as
gmail.com. That is no other organization, though no name in DNS tells so.
"""

import tomllib
from functools import cache
from importlib import resources


def are_aliases(domain: str, other: str) -> bool:
    """Tell whether mail to a name at either domain goes to one mailbox. Both in DNS form."""
    provider = _providers().get(domain)
    return domain == other or (provider is not None and provider == _providers().get(other))


@cache
def _providers() -> dict[str, str]:
    """Return the provider of each domain that is listed."""
    file = resources.files("gateway.mailboxes") / "data" / "alias_domains.toml"
    listed = tomllib.loads(file.read_text("utf-8"))["provider"]
    return {domain: one["name"] for one in listed for domain in one["domains"]}
