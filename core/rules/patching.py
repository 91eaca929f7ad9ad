"""What does a patch make of what is there? The rest stays, null removes (talkjs-spec, 2.3)."""

from collections.abc import Mapping


def merged(custom: Mapping[str, str], patch: Mapping[str, str | None] | None) -> dict[str, str]:
    """Return custom fields after a patch: null removes a key, a null patch all of them."""
    if patch is None:
        return {}
    both: dict[str, str | None] = {**custom, **patch}
    return {key: value for key, value in both.items() if value is not None}


def registered(
    tokens: Mapping[str, bool] | None, patch: Mapping[str, bool | None]
) -> dict[str, bool] | None:
    """Return push tokens after a patch: null or false takes one away; None if none is left."""
    both = {**(tokens or {}), **patch}
    return {token: True for token, wanted in both.items() if wanted} or None
