"""What of a digest fits into one mail, and who speaks after whom?

Messages are cleaned, formatted and grouped by consecutive sender, and counted in octets of HTML
until the budget is spent: Gmail cuts a mail near 102 KB and hides its end, the opt-out link with
it. What does not fit is counted in ``more``. The first message always has a place, shortened if
it must be.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from core.web import web_url
from notifier.rendering import markup, times
from notifier.rendering.catalogue import Catalogue
from notifier.rendering.clean import block, one_line
from notifier.rendering.digest import Digest, DigestMessage, FileLink

BUDGET = 80_000  # octets of HTML for messages and whatever else varies; the page takes 8,000
_LEAST = 20_000  # of them for messages, whatever the rest takes
_ROW = 420  # octets of markup around one message
_GROUP = 1_100  # octets of markup around a sender's name and picture
_FILE = 320  # octets of markup around one attachment
_LONGEST = 16_000  # characters
_SHORTEST = 2_000  # octets of HTML: each text shown has at least these
_MOST_FILES = 10
# White on each is at least 5:1 (WCAG 2.2, 1.4.3), and they stay legible when a client inverts.
_COLOURS = ("#b4322b", "#9a4a00", "#5b6b00", "#1c7a3d", "#00737d", "#1f5fc4", "#6a48c8", "#a8327e")


@dataclass(frozen=True, slots=True)
class FileView:
    """An attachment as it is shown; ``url`` is None if a mail should not link there."""

    name: str
    url: str | None
    size: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message as it is shown; ``same_minute``: its group has just shown the same time."""

    html: Markup
    text: str
    time: str
    files: tuple[FileView, ...]
    shortened: bool
    same_minute: bool = False


@dataclass(slots=True)
class GroupView:
    """Consecutive messages of one sender on one day; ``day`` is empty if it is the same day."""

    name: str
    photo: str | None
    day: str
    messages: list[MessageView] = field(default_factory=list)

    @property
    def initial(self) -> str:
        """Return what stands in for a picture."""
        return self.name[:1].upper()

    @property
    def colour(self) -> str:
        """Return the colour of the initial, the same in each mail."""
        return _COLOURS[sum(map(ord, self.name)) % len(_COLOURS)]


def fit(digest: Digest, words: Catalogue, taken: int = 0) -> tuple[list[GroupView], int]:
    """Return the groups that fit beside what is taken, and how many messages are not in them."""
    budget = max(BUDGET - taken, _LEAST)
    face = times.face(words.tag, digest.time_zone)
    groups: list[GroupView] = []
    spent = count = 0
    speaker: tuple[str, str | None, str] | None = None
    for message in digest.messages:
        day, time = face.show(message.sent_at)
        now = (message.sender_name, message.sender_photo_url, day)
        group = groups[-1] if now == speaker else _group(message, groups, day, words)
        around = 0 if now == speaker else _group_cost(group)
        same = bool(group.messages) and group.messages[-1].time == time
        view = _message(message, (time, same), words, budget - around)
        spent += _cost(view) + around
        if groups and spent > budget:
            break
        if now != speaker:
            groups.append(group)
        group.messages.append(view)
        speaker = now
        count += 1
    return groups, max(digest.more, 0) + len(digest.messages) - count


def shorten(text: str, budget: int, *, labelled_links: bool = False) -> tuple[str, Markup, bool]:
    """Return a text and its HTML, cut until the HTML takes no more octets than the budget."""
    budget = max(budget, _SHORTEST)
    limit = _LONGEST
    kept = text[:limit]
    html = markup.to_html(kept, labelled_links=labelled_links)
    while len(html) * 4 > budget and len(html.encode()) > budget:
        limit //= 2
        kept = text[:limit]
        html = markup.to_html(kept, labelled_links=labelled_links)
    if len(kept) == len(text):
        return kept, Markup(html), False  # noqa: S704  escaped by markup
    return f"{kept.rstrip()}\u2026", Markup(html) + "\u2026", True  # noqa: S704


def sender_name(message: DigestMessage, words: Catalogue) -> str:
    """Return the name a message is shown under."""
    return one_line(message.sender_name, 80) or words.say("someone")


def _message(
    message: DigestMessage, when: tuple[str, bool], words: Catalogue, budget: int
) -> MessageView:
    files = tuple(_files(message.attachments, words)) if message.attachments else ()
    labelled = message.labelled_links
    room = budget - _ROW - sum(map(_file_cost, files))
    text, html, shortened = shorten(block(message.text), room, labelled_links=labelled)
    plain = markup.to_text(text, labelled_links=labelled)
    time, same_minute = when
    return MessageView(html, plain, time, files, shortened, same_minute)


def _group(
    message: DigestMessage, groups: list[GroupView], day: str, words: Catalogue
) -> GroupView:
    shown = next((group.day for group in reversed(groups) if group.day), "")
    new = "" if day == shown else day
    return GroupView(sender_name(message, words), web_url(message.sender_photo_url), new)


def _files(links: tuple[FileLink, ...], words: Catalogue) -> Iterator[FileView]:
    for link in links[:_MOST_FILES]:
        name = one_line(link.name, 120) or "file"
        yield FileView(name, web_url(link.url), times.say_size(max(link.size, 0), words.tag))


def _cost(view: MessageView) -> int:
    html = view.html
    octets = len(html) if html.isascii() else len(html.encode())
    return _ROW + octets + sum(map(_file_cost, view.files))


def _group_cost(group: GroupView) -> int:
    return _GROUP + _written(group.photo)


def _file_cost(file: FileView) -> int:
    return _FILE + _written(file.url) + len(escape(file.name).encode())


def _written(url: str | None) -> int:
    """Return how long a URL is in an attribute, where two of its characters are escaped."""
    return len(url) + 4 * (url.count("&") + url.count("'")) if url else 0
