"""Is a customer's template one that can be filled in? Asked when it is set, answered in a sentence.

What ``core.macros`` does not know it leaves empty, and a link it may not write it leaves out: both
would be seen by readers only. So names that no mail ever fills in are refused, with the nearest
that is there, and so are inbox URLs that lead to no web page. Templates of before stay as they are.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from urllib.parse import SplitResult, urlsplit

from core.macros import MACRO, localised
from core.web import web_url

# What mails fill in (talkjs-spec, 6.3), and the maps of fields that an app names itself.
NAMES = (
    "app.name",
    "app.id",
    "sender.name",
    "recipient.id",
    "recipient.name",
    "recipient.locale",
    "user.id",
    "user.name",
    "user.locale",
    "conversation.id",
    "conversation.subject",
    "messages",
)
# What only a link says: whoever holds it is let in, so it stands where nobody reads it.
IN_URLS = ("link.token",)
MAPS = ("app.custom", "recipient.custom", "user.custom", "conversation.custom")
_MAP_NAMES = tuple(f"{one}." for one in MAPS)
_APP_CUSTOM = "app.custom."
_SHOWN = 60
_LONGEST_NAME = 64  # of longer ones nothing is near
_LOGIC = re.compile(r"\{%[^%]{0,200}%\}")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,20}):?[/\\]{1,3}(.+)", re.DOTALL)
_BARE_HOST = re.compile(
    r"(?://)?((?:[\w-]{1,63}\.){1,10}[a-z]{2,63}(?::\d{1,5})?(?:[/?#].*)?)", re.IGNORECASE
)
_MUST = "must be a web URL, as https://shop.example/inbox?c={{conversation.id}}"


def wrong_macro(template: str, *, is_url: bool = False) -> str | None:
    """Return what is wrong with the first macro that no mail can fill in, or None."""
    names = (*NAMES, *IN_URLS) if is_url else NAMES
    if found := _LOGIC.search(template):
        return f"{_cut(found[0])} is not understood: there are macros like {{{{sender.name}}}} only"
    position = template.find("{{")
    while position >= 0:
        macro = MACRO.match(template, position)
        if macro is None:
            written = template[position:].partition("}}")
            return f"{_cut(written[0] + written[1])} is no macro; {_near(written[0], names)}"
        if macro[1] in IN_URLS and not is_url:
            return f"{_cut(macro[0])} is for inboxUrl alone: whoever holds it is let in"
        if not _is_known(macro[1], names):
            return f"{_cut(macro[0])} is not known; {_near(macro[1], names)}"
        if macro[1].startswith("app.custom.") and ":" in macro[1]:
            plain = f"{{{{{macro[1].partition(':')[0]}}}}}"
            return f"{_cut(macro[0])}: write {_cut(plain)}, the reader's language chooses which"
        position = template.find("{{", macro.end())
    return None


def app_fields(template: str) -> list[str]:
    """Return the fields of ``app.custom`` that a template names, each once, in order."""
    named = (macro[1] for macro in MACRO.finditer(template))
    return list(
        dict.fromkeys(one.removeprefix(_APP_CUSTOM) for one in named if one.startswith(_APP_CUSTOM))
    )


def empty_field(field: str, custom: Mapping[str, str], default_locale: str) -> str | None:
    """Return why a field of ``app.custom`` is empty for everybody, or for some; None if it is not.

    That is no fault yet: an app may set its fields after its templates.
    """
    if localised(custom, default_locale, default_locale).get(field):
        return None
    macro = _cut(f"{{{{{_APP_CUSTOM}{field}}}}}")
    variants = sorted(
        key.partition(":")[2] for key in custom if key.partition(":")[0] == field and ":" in key
    )
    if variants:
        return f"{macro} is empty for whoever reads in none of {_cut(', '.join(variants))}"
    known = sorted({key.partition(":")[0] for key in custom})
    near = get_close_matches(field[:_LONGEST_NAME], known, n=1)
    meant = f"; did you mean {{{{{_APP_CUSTOM}{near[0]}}}}}?" if near else ""
    return f"{macro} is empty: the app has no such field{meant}"


def wrong_inbox_url(template: str) -> str | None:
    """Return why a template of a link leads to no web page, or None; an empty one is no link."""
    if not template:
        return None
    if (macro := wrong_macro(template, is_url=True)) is not None:
        return macro
    written = template.strip()
    opening = MACRO.match(written)
    if opening is not None:  # it holds a URL, or the start of one
        if opening[1].startswith(_MAP_NAMES):
            return None
        return f"{_cut(opening[0])} holds no URL to begin with; {_MUST}"
    why = _wrong_url(MACRO.sub("x", written))
    if why is None:
        return None
    better = _better(written)
    return f"{why}; did you mean {better}?" if better else why


def _wrong_url(filled: str) -> str | None:
    """Return why a URL whose macros are filled in is none of the web, or None."""
    try:
        parts: SplitResult = urlsplit(filled)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # a port that is no number, a bracket that is not closed
        return f"its host or port cannot be read; {_MUST}"
    if web_url(filled) is None:
        return _MUST
    if not host or ".." in host or host.startswith((".", "-")) or port == 0:
        return f"it names no host; {_MUST}"
    if parts.username is not None or parts.password is not None:
        return f"it must hold no name or password before its host; {_MUST}"
    return None


def _better(written: str) -> str | None:
    """Return what was meant by a URL that lacks its scheme, or misspells it, if that is near."""
    scheme, bare = _SCHEME.fullmatch(written), _BARE_HOST.fullmatch(written)
    if scheme and get_close_matches(scheme[1].lower(), ("https", "http"), n=1, cutoff=0.7):
        meant = f"https://{scheme[2]}"
    elif bare:
        meant = f"https://{bare[1]}"
    else:
        return None
    return _cut(meant) if _wrong_url(MACRO.sub("x", meant)) is None else None


def names_link_token(template: str) -> bool:
    """Tell whether a template of a link has a place for a token to log in by."""
    return any(macro[1] in IN_URLS for macro in MACRO.finditer(template))


def _is_known(name: str, names: tuple[str, ...]) -> bool:
    """Tell whether a macro's name is one that mails fill in."""
    return name in names or (name.startswith(_MAP_NAMES) and not name.endswith("."))


def _near(name: str, names: tuple[str, ...]) -> str:
    """Return the nearest macro there is, or all of them."""
    plain = "".join(name.split()).strip("{}").lower()
    in_map = next((one for one in _MAP_NAMES if plain.startswith(one)), None)
    if in_map is not None and len(plain) > len(in_map):
        return f"did you mean {{{{{plain[:_LONGEST_NAME]}}}}}?"
    near = get_close_matches(plain, names, n=1) if len(plain) <= _LONGEST_NAME else []
    if near:
        return f"did you mean {{{{{near[0]}}}}}?"
    known = ", ".join((*names, *(f"{one}…" for one in _MAP_NAMES)))
    return f"there are {known}"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
