"""Do two domains belong together? The organizational domain, from the public suffix list.

RFC 9989 finds it by walking up the DNS, which costs questions in zones that a stranger names; the
list costs none, and is what receivers have used since RFC 7489. What a zone says of itself
(``psd=n``) is heeded by ``dmarc``.
"""

from functools import cache

from publicsuffixlist import PublicSuffixList


def organizational(domain: str) -> str:
    """Return the organizational domain of a domain (a public suffix is its own)."""
    return _list().privatesuffix(domain) or domain


def is_public_suffix(domain: str) -> bool:
    """Whether anybody may register a name below this one."""
    return _list().privatesuffix(domain) is None


def aligned(author: str, other: str, *, strict: bool = False) -> bool:
    """Whether a domain that was proven speaks for the author's (RFC 7489, 3.1)."""
    return author == other or (not strict and organizational(author) == organizational(other))


def upwards(domain: str) -> list[str]:
    """Return a domain and those above it, at most eight (RFC 9989, 4.10)."""
    labels = _labels(domain)
    first = max(1, len(labels) - 7)
    return [domain, *(".".join(labels[cut:]) for cut in range(first, len(labels)))]


def _labels(domain: str) -> list[str]:
    return domain.split(".")


@cache
def _list() -> PublicSuffixList:
    """Return the list, read once: that takes a tenth of a second."""
    return PublicSuffixList()
