"""What do the two bodies of a mail show? One value for both, so that neither says more.

Strings are cleaned and not escaped; the HTML template escapes them. ``Markup`` is escaped.
"""

from dataclasses import dataclass

from markupsafe import Markup

from notifier.rendering.view import GroupView


@dataclass(frozen=True, slots=True)
class Words:
    """The phrases of this mail, chosen and filled in; ``hint`` and ``more`` may be empty."""

    top: str
    hint: str
    view: str
    more: str
    shortened: str
    why: str
    stop: str
    stop_here: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Something the reader may answer by opening a link."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Page:
    """One mail as its reader meets it, from top to bottom."""

    language: str
    direction: str
    app: str
    title: str
    news: str
    preheader: str
    marker: str
    groups: list[GroupView]
    inbox_url: str | None
    opt_out_url: str
    can_reply: bool
    header: str
    header_html: Markup
    footer: str
    footer_html: Markup
    words: Words
    choices: tuple[Choice, ...] = ()
