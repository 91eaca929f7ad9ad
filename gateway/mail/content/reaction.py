"""Is this mail a reaction, one emoji and nothing more, and which?

Two forms say so in a part of their own: Gmail's (its documentation, "Email reactions": JSON of
version 1) and the one of RFC 9078 (a part whose disposition is ``reaction``). Where such a part
is not as they say, the mail is no reaction. Both react to the one mail In-Reply-To names.

Other programs tell of a reaction in words alone, which a person might write too: those are told
apart by phrases (``data/reactions.toml``), and are a reason to hold, never to drop.
"""

import json
import re
import tomllib
from email.message import Message
from functools import cache
from importlib import resources
from itertools import islice
from typing import Any

from core.rules.emoji import unicode_emoji
from gateway.mail.content.parts import disposition_of, leaves, octets_of
from gateway.mail.parse import Mail

_GMAIL = "text/vnd.google.email-reaction+json"
_MOST_OCTETS = 2_000
_LONGEST_LINE = 160
_FIRST_LINES = 4
_LOOKED_AT = 6_000
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_BODY = re.compile(r"<body\b", re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|/?p|/?div|/?tr|/?td|hr)\b[^<>]{0,2000}>", re.IGNORECASE)
# From its first letter to what ends a line for str.splitlines.
_LINE = re.compile(r"\S[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*")


def reaction_of(mail: Mail) -> str | None:
    """Return the emoji of a reaction, fully qualified, or None. Never raises for a mail's fault."""
    found = [part for part, _ in leaves(mail.message) if _is_reaction(part)]
    if len(found) != 1 or not _answers_one(mail.message):
        return None
    octets = octets_of(found[0])
    if len(octets) > _MOST_OCTETS:
        return None
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    emoji = _in_json(text) if found[0].get_content_type() == _GMAIL else text.strip()
    return unicode_emoji(emoji) if isinstance(emoji, str) else None


def unwanted_reaction(mail: Mail) -> bool:
    """Tell whether a mail only tells in words that somebody reacted."""
    text, markup = mail.body.text or "", mail.body.html or ""
    if any(mark in one[:_LOOKED_AT] for mark in _data("marks") for one in (text, markup)):
        return True
    said = (text, _words(markup)) if markup else (text,)
    return any(_tells(line) for one in said for line in _first_lines(one))


def _is_reaction(part: Message) -> bool:
    kind = part.get_content_type()
    if kind == _GMAIL:
        return not disposition_of(part).startswith("attachment")
    # RFC 9078, 3: emoji in a text part, in UTF-8, under this disposition.
    return kind == "text/plain" and disposition_of(part).partition(";")[0].strip() == "reaction"


def _answers_one(message: Message) -> bool:
    """Tell whether In-Reply-To names a single mail."""
    values = [str(raw)[:_MOST_OCTETS] for name, raw in message.raw_items() if _is_parent(name)]
    return sum(len(_MESSAGE_ID.findall(value)) for value in values) == 1


def _is_parent(name: str) -> bool:
    return name.lower() == "in-reply-to"


def _in_json(text: str) -> Any:
    """Return what the JSON gives as the emoji, None where it is of no known version."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or type(said.get("version")) is not int:
        return None
    return said.get("emoji") if said["version"] == 1 else None


def _first_lines(text: str) -> list[str]:
    lines = islice(_LINE.finditer(text, 0, _LOOKED_AT), _FIRST_LINES)
    return [" ".join(line[0].split()) for line in lines]


def _tells(line: str) -> bool:
    """Tell whether a line ends as such a sentence does, and somebody stands before it."""
    if len(line) > _LONGEST_LINE:
        return False
    said = _to_last_alphanumeric(line.lower())
    return said.endswith(_data("endings")) and said not in _data("endings")


def _to_last_alphanumeric(line: str) -> str:
    """Return a line without what stands behind its last letter or digit."""
    end = len(line)
    while end and not line[end - 1].isalnum():
        end -= 1
    return line[:end]


def _words(markup: str) -> str:
    """Return the text of the beginning of an HTML body, a line for each block."""
    start = _BODY.search(markup)
    seen = markup[start.start() if start else 0 :][: 4 * _LOOKED_AT]
    return _TAG.sub(" ", _BREAK.sub("\n", seen)).replace("&nbsp;", " ")


@cache
def _data(name: str) -> tuple[str, ...]:
    file = resources.files("gateway.mail.content") / "data" / "reactions.toml"
    return tuple(tomllib.loads(file.read_text("utf-8"))[name])
