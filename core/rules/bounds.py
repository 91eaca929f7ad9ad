"""How much may an app keep of something that it can let grow, one request after the other?

What one request may hold stands with its field (``gateway/http/bodies``). These count what would be
kept in the end. What is larger already, from before there was a bound, may become smaller.
docs/api.md shows both kinds in one table, and ``tests/gateway/http/test_bounds.py`` drives it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import InvalidRequest

TOO_MUCH = "TOO_MUCH"


@dataclass(frozen=True, slots=True)
class Bound:
    """At most so many of something; ``instead``: what a caller can do."""

    what: str
    most: int
    instead: str


CUSTOM_FIELDS = Bound("custom: fields", 200, "take some away, with null")
CUSTOM_OCTETS = Bound(
    "custom: octets as JSON", 65_536, "keep what is long elsewhere, and its id here"
)
PUSH_TOKENS = Bound("pushTokens: tokens of a user", 100, "take old ones away, with null")
ALIASES = Bound("addresses that a user writes from", 20, "take one away by the app's email")
SESSIONS = Bound("open sessions of a user", 100, "end some, or use one id for each page")
ENDPOINTS = Bound("webhooks of an app", 50, "remove some, or tell from one of yours")
ROLES = Bound("roles of an app", 100, "change one that is there")
PARTICIPANTS = Bound(
    "participants, with those who left, of a conversation", 100_000, "begin another"
)
CONTENT_TEXT = Bound("content: characters of its text", 10_000, "send the rest in another message")
CONTENT_OCTETS = Bound("content: octets as JSON", 65_536, "send less in one message")


def require(bound: Bound, count: int, before: int = 0) -> None:
    """Raise InvalidRequest if there would be more than the bound, and more than there was."""
    if count > max(bound.most, before):
        raise InvalidRequest(
            f"{bound.what}: at most {bound.most}, this makes {count}; {bound.instead}.",
            code=TOO_MUCH,
        )


def require_custom(after: Mapping[str, str], before: Mapping[str, str]) -> None:
    """Raise InvalidRequest if custom fields became too many or too long."""
    require(CUSTOM_FIELDS, len(after), len(before))
    size = octets(after)
    if size > CUSTOM_OCTETS.most:
        require(CUSTOM_OCTETS, size, octets(before))


def octets(tree: object) -> int:
    """Return how long JSON is, in octets of UTF-8."""
    return len(json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode())
