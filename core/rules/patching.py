"""What does a patch make of what is there? The rest stays, null removes (talkjs-spec, 2.3)."""

from collections.abc import Mapping
from typing import Any

from core.rules.bounds import PUSH_TOKENS, require, require_custom


def merged(custom: Mapping[str, str], patch: Mapping[str, str | None] | None) -> dict[str, str]:
    """Return custom fields after a patch: null removes a key, a null patch all of them.

    Raise InvalidRequest if they became too many or too long.
    """
    if patch is None:
        return {}
    both: dict[str, str | None] = {**custom, **patch}
    after = {key: value for key, value in both.items() if value is not None}
    require_custom(after, custom)
    return after


def patched(
    before: Mapping[str, Any] | None, patch: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """Return a document after a patch: null removes a key, a null patch all of them.

    None is a document with nothing left in it.
    """
    after = {**(before or {}), **patch} if patch is not None else {}
    return {key: value for key, value in after.items() if value is not None} or None


def registered(
    tokens: Mapping[str, bool] | None, patch: Mapping[str, bool | None]
) -> dict[str, bool] | None:
    """Return push tokens after a patch: null or false takes one away; None if none is left.

    Raise InvalidRequest if they became too many.
    """
    both = {**(tokens or {}), **patch}
    after = {token: True for token, wanted in both.items() if wanted}
    require(PUSH_TOKENS, len(after), len(tokens or {}))
    return after or None
