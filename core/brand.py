"""How does an app look in its mails? Its logo, its colour, and a few words of its own.

An app has a brand, and a role may have its own: what the role says wins over what the app says.
Where nothing is said, a mail looks as it always did.

The trap: a logo and its dark variant belong together, and so do a colour and its dark variant. A
role with a logo of its own does not take the app's for the dark.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Kept as a document of the app and of the role: only what was said.
Kept = Mapping[str, str | int]

_TOGETHER = {
    "logo_url": ("logo_dark_url", "logo_width", "logo_height"),
    "accent_color": ("accent_dark_color",),
}


@dataclass(frozen=True, slots=True)
class Brand:
    """What a mail shows of its app.

    Colours are ``#rrggbb``; ``logo_width`` and ``logo_height`` are pixels of CSS. ``button_text``
    and ``from_name`` are templates with macros, ``postal_address`` is text of a few lines.
    """

    logo_url: str | None = None
    logo_dark_url: str | None = None
    logo_width: int | None = None
    logo_height: int | None = None
    accent_color: str | None = None
    accent_dark_color: str | None = None
    button_text: str | None = None
    from_name: str | None = None
    postal_address: str | None = None


def brand_of(app: Kept | None, role: Kept | None) -> Brand:
    """Return the brand of a mail: the role's, and the app's where the role says nothing."""
    if not app and not role:
        return _PLAIN
    said = dict(app or {})
    for first, others in _TOGETHER.items():
        if role and first in role:
            for one in others:
                said.pop(one, None)
    both: dict[str, Any] = {**said, **(role or {})}
    return Brand(**{name: value for name, value in both.items() if name in _NAMES})


_PLAIN = Brand()
_NAMES = frozenset(Brand.__dataclass_fields__)
