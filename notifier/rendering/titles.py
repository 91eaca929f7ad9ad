"""What is the mail called, and who is it from? The few words an inbox shows.

The subject is the same for each mail of a conversation, with no counter and no sender in it, or
mail programs would not thread (notification mails answer a synthetic root, hence "Re:"). A role's
own subject is taken as it is.
"""

from collections.abc import Mapping, Sequence

from core.macros import MACRO, expand_text
from core.translations import Catalogue
from notifier.rendering.catalogue import catalogue_for
from notifier.rendering.clean import clip_octets, display_name, one_line, person_name

_LONGEST = 200
# Room for both in one header: a long name of one does not take the other's.
_AUTHOR_OCTETS, _APP_OCTETS = 90, 60


def subject(title: str | None, others: Sequence[str], locale: str, default: str = "en") -> str:
    """Return the subject of a conversation's mails: its title, else the others in it."""
    shown = one_line(title or "", _LONGEST)
    if not shown:
        words = catalogue_for(locale, default)
        names = [name for name in (one_line(other, 80) for other in others) if name]
        listed = words.names(names or [words.say("someone")])
        shown = words.say("subject", names=listed)
    return shown if shown[:3].lower() == "re:" else f"Re: {shown}"


def own_subject(expanded: str) -> str | None:
    """Return a role's expanded subject, or None if nothing is left of it."""
    return one_line(expanded, _LONGEST) or None


def sender_name(names: Sequence[str], app: str, locale: str, default: str = "en") -> str:
    """Return the name in From: "Ann via Acme", "Ann and Cy via Acme"; the app alone if nobody did.

    Of names that are too long to show together, the app alone is left.
    """
    app = clip_octets(display_name(app, 80), _APP_OCTETS)
    words = catalogue_for(locale, default)
    listed = _listed(names, words) if app else ""
    return words.say("via", name=listed, app=app) if listed else app


def own_sender_name(
    pattern: str, names: Sequence[str], app: tuple[str, Mapping[str, str]], words: Catalogue
) -> str:
    """Return the name in From by an app's own pattern, in which people may be named.

    ``app``: its name and its fields. Where a pattern names people and nobody can be named, the app
    alone is left, as it is without a pattern.
    """
    app_name = clip_octets(display_name(app[0], 80), _APP_OCTETS)
    listed = _listed(names, words)
    if not listed and any(macro[1].startswith("sender.") for macro in MACRO.finditer(pattern)):
        return app_name
    values = {
        "sender": {"name": listed},
        "app": {"name": app_name, "custom": {k: display_name(v, 80) for k, v in app[1].items()}},
    }
    said = display_name(expand_text(pattern, values), _LONGEST)
    return clip_octets(said, _AUTHOR_OCTETS + 2 * _APP_OCTETS) or app_name


def _listed(names: Sequence[str], words: Catalogue) -> str:
    """Return who wrote as a header may name them; empty if nobody did, or too long together."""
    authors = [name for name in dict.fromkeys(map(person_name, names)) if name]
    if len(authors) == 1:
        return clip_octets(authors[0], _AUTHOR_OCTETS)
    listed = words.names(authors) if authors else ""
    return listed if len(listed.encode()) <= _AUTHOR_OCTETS else ""


def list_name(app: str, locale: str, default: str = "en") -> str:
    """Return the phrase of List-Id: "Acme messages"."""
    return catalogue_for(locale, default).say("list_name", app=display_name(app, 80))
