"""What is the mail called, and who is it from? The few words an inbox shows.

The subject is the same for each mail of a conversation, with no counter and no sender in it, or
mail programs would not thread (notification mails answer a synthetic root, hence "Re:"). A role's
own subject is taken as it is.
"""

from collections.abc import Sequence

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
    authors = [name for name in dict.fromkeys(map(person_name, names)) if name]
    if not authors or not app:
        return app
    words = catalogue_for(locale, default)
    listed = clip_octets(authors[0], _AUTHOR_OCTETS) if len(authors) == 1 else words.names(authors)
    if len(listed.encode()) > _AUTHOR_OCTETS:
        return app
    return words.say("via", name=listed, app=app)


def list_name(app: str, locale: str, default: str = "en") -> str:
    """Return the phrase of List-Id: "Acme messages"."""
    return catalogue_for(locale, default).say("list_name", app=display_name(app, 80))
