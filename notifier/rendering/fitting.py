"""What of a digest fits into one mail, and who speaks after whom?

The last few messages are shown, as in an inbox; those before them are counted in ``more``, and the
page says so above the first. Messages are cleaned, formatted and grouped by consecutive sender, and
counted in octets of HTML until the budget is spent, from the newest back: Gmail cuts a mail near
102 KB and hides its end, the opt-out link with it. The newest message always has a place,
shortened if it must be.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from markupsafe import Markup, escape

from core.translations import Catalogue
from core.web import web_url
from notifier.rendering import said, times
from notifier.rendering.clean import clip, one_line
from notifier.rendering.digest import Digest, DigestMessage, FileLink

# Octets of HTML, all of it: in base64 (a third more) it is still below 60 KB as it is sent.
WHOLE = 44_000
_PAGE = 10_000  # of them for the page around what varies
_LEAST = 8_000  # of them for messages, whatever the rest takes
MOST_SHOWN = 20  # messages; who missed more reads them where they were said
_ROW = 420  # octets of markup around one message
_GROUP = 1_300  # octets of markup around a sender's name and picture
_FILE = 380  # octets of markup around one attachment
_ANSWERED = 200  # octets of markup around what a message answers
_EXCERPT = 120  # characters of it
_MOST_FILES = 10
_ENDS_URL = re.compile(r"['();]")
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
    """A message as it is shown; ``answers``: who said what it answers, and what, if anything."""

    html: Markup
    text: str
    time: str
    files: tuple[FileView, ...]
    shortened: bool
    answers: tuple[str, str] | None = None


_Speaker = tuple[str, str | None, str]


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
    budget = max(WHOLE - _PAGE - taken, _LEAST)
    face = times.face(words.tag, digest.time_zone)
    chosen: list[tuple[_Speaker, DigestMessage, MessageView]] = []
    for message in islice(reversed(digest.messages), MOST_SHOWN):
        day, time = face.show(message.sent_at)
        speaker = (message.sender_name, message.sender_photo_url, day)
        is_new = not chosen or chosen[-1][0] != speaker
        around = _group_cost(message) if is_new else 0
        # The newest leaves some room for the one before it.
        room = budget if chosen or len(digest.messages) == 1 else budget * 2 // 3
        view = _message(message, time, words, room - around)
        budget -= _cost(view) + around
        if chosen and budget < 0:
            break
        chosen.append((speaker, message, view))
    groups: list[GroupView] = []
    last: _Speaker | None = None
    for speaker, message, view in reversed(chosen):
        if speaker != last:
            new_day = "" if last and last[2] == speaker[2] else speaker[2]
            photo = in_style(web_url(message.sender_photo_url))
            groups.append(GroupView(sender_name(message, words), photo, new_day))
        groups[-1].messages.append(view)
        last = speaker
    return groups, max(digest.more, 0) + len(digest.messages) - len(chosen)


def in_style(url: str | None) -> str | None:
    """Return a URL as ``url()`` in a style takes it: what ends it there is escaped."""
    return _ENDS_URL.sub(lambda sign: f"%{ord(sign[0]):02X}", url) if url else None


def sender_name(message: DigestMessage, words: Catalogue) -> str:
    """Return the name a message is shown under."""
    return one_line(message.sender_name, 80) or words.say("someone")


def _message(message: DigestMessage, time: str, words: Catalogue, budget: int) -> MessageView:
    files = tuple(_files(message.attachments, words)) if message.attachments else ()
    answers = _answered(message, words)
    room = budget - _ROW - sum(map(_file_cost, files)) - _answered_cost(answers)
    saying = said.Saying(message.text, message.content, message.place, message.labelled_links)
    open_map = words.say("open_map") if message.place or message.content else ""
    text, html, is_cut = said.shown(saying, room, open_map)
    return MessageView(html, text, time, files, is_cut, answers)


def _answered(message: DigestMessage, words: Catalogue) -> tuple[str, str] | None:
    """Return who said what a message answers, and a short line of it."""
    if message.answers is None:
        return None
    line = clip(one_line(message.answers.text, _EXCERPT * 2), _EXCERPT)
    name = one_line(message.answers.sender_name, 80) or words.say("someone")
    return (name, line) if line else None


def _files(links: tuple[FileLink, ...], words: Catalogue) -> Iterator[FileView]:
    for link in links[:_MOST_FILES]:
        name = one_line(link.name, 120) or "file"
        yield FileView(name, web_url(link.url), times.say_size(max(link.size, 0), words.tag))


def _cost(view: MessageView) -> int:
    html = view.html
    octets = len(html) if html.isascii() else len(html.encode())
    return _ROW + octets + sum(map(_file_cost, view.files)) + _answered_cost(view.answers)


def _answered_cost(answers: tuple[str, str] | None) -> int:
    return _ANSWERED + weight(*answers) if answers else 0


def _group_cost(message: DigestMessage) -> int:
    return _GROUP + _written(web_url(message.sender_photo_url)) + weight(message.sender_name[:80])


def _file_cost(file: FileView) -> int:
    return _FILE + _written(file.url) + weight(file.name)


def weight(*texts: str) -> int:
    """Return how many octets of HTML texts take, escaped."""
    return sum(len(escape(one).encode(errors="replace")) for one in texts)


def _written(url: str | None) -> int:
    """Return how long a URL is in an attribute, where two of its characters are escaped."""
    return len(url) + 4 * sum(map(url.count, "&'();")) if url else 0
