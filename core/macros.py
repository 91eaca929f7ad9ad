"""What does a customer's template say once its ``{{ }}`` macros are filled in?

TalkJS's settings fields (subject, header, footer, inbox URL, SMS) know one thing: ``{{a.b.c}}``
is replaced by a value. No logic, so nothing can loop, call or reach into Python: names are looked
up in mappings only. What is missing, or is not a plain value, is empty.

The trap: a value may itself hold ``{{…}}``; the result is never expanded again.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from core.web import web_url

MAX_OUTPUT = 20_000
MACRO = re.compile(r"\{\{\s{0,8}([^\s{}]{1,200})\s{0,8}\}\}")
_HOST_END = re.compile(r"[/?#\\\\]")
_HOST_VALUE = re.compile(r"[A-Za-z0-9.-]{0,253}")
_RESERVED = ":/?#[]@!$&'()*+,;=%"  # RFC 3986, 2.2, and what is encoded already


def expand(template: str, variables: Mapping[str, Any], escape: Callable[[str], str]) -> str:
    """Fill in a template, each value passed through ``escape``; cut at ``MAX_OUTPUT``."""
    pieces: list[str] = []
    position = room = 0
    for match in MACRO.finditer(template, 0, MAX_OUTPUT):
        pieces.append(template[position : match.start()])
        pieces.append(escape(look_up(variables, match[1])[:MAX_OUTPUT]))
        room += len(pieces[-1]) + len(pieces[-2])
        position = match.end()
        if room > MAX_OUTPUT:
            break
    else:
        pieces.append(template[position:])
    return "".join(pieces)[:MAX_OUTPUT]


def expand_text(template: str, variables: Mapping[str, Any]) -> str:
    """Fill in a template of plain text; rendering escapes the whole later."""
    return expand(template, variables, str)


def expand_url(template: str, variables: Mapping[str, Any]) -> str | None:
    """Fill in a URL, values percent-encoded (RFC 3986, 2.1); None if it is no web URL.

    A template that starts with a macro gets its value as it is: it holds a URL, or the start of
    one, not a part of it. No other value can change where the URL leads: one that would name
    another host, or lead up in the path, leaves no link.
    """
    template = template.strip()
    opening = MACRO.match(template)
    written = (
        quote(look_up(variables, opening[1]), safe=_RESERVED, errors="replace") if opening else ""
    )
    position = opening.end() if opening else 0
    for match in MACRO.finditer(template, position):
        written += template[position : match.start()]
        position = match.end()
        value = look_up(variables, match[1])[:MAX_OUTPUT]
        if len(written) > MAX_OUTPUT or not _fits(value, written, template[position:][:1]):
            return None
        written += _component(value)
    return web_url(written + template[position:])


def _fits(value: str, before: str, behind: str) -> bool:
    """Tell whether a value may stand in its place of a URL, by what stands around it."""
    _, is_web, rest = before.partition("://")
    if is_web and not _HOST_END.search(rest):
        if rest.rpartition("@")[2].rpartition("]")[2].count(":"):
            return value.isdecimal() and value.isascii()  # a port
        # Glued to a name that the template ends with, a dot would make it another's.
        glued = bool(rest) and not rest.endswith(".")
        return _HOST_VALUE.fullmatch(value) is not None and not (glued and "." in value)
    in_path = is_web and "?" not in rest and "#" not in rest
    is_segment = rest.endswith("/") and behind in {"", "/", "?", "#"}
    return not (in_path and is_segment and value in {".", ".."})  # RFC 3986, 5.2.4


def look_up(variables: Mapping[str, Any], path: str) -> str:
    """Return the plain value at a dotted path, empty if there is none.

    The rest of a path is tried as one key at each step: custom fields may have dots in their
    names.
    """
    found: Any = variables
    while path:
        if not isinstance(found, Mapping):
            return ""
        if path in found:
            found, path = found[path], ""
        else:
            step, _, path = path.partition(".")
            found = found.get(step) if path else None
            path = path if found is not None else ""
    if isinstance(found, str):
        return found
    return str(found) if isinstance(found, int | float) and not isinstance(found, bool) else ""


def localised(custom: Mapping[str, str], locale: str, default: str) -> dict[str, str]:
    """Return custom fields in one language: ``greeting:fr`` stands in for ``greeting``.

    The full locale wins over what is left of it when it is cut at its hyphens, to the language, and
    that over the app's default locale, its language, and the field without a suffix (talkjs-spec,
    6.5; RFC 4647, 3.4).
    """
    fields = {key: value for key, value in custom.items() if ":" not in key}
    for suffix in (*_widening(default), *_widening(locale)):
        ending = f":{suffix}".lower()
        fields |= {
            key[: -len(ending)]: value
            for key, value in custom.items()
            if key.lower().replace("_", "-").endswith(ending) and len(key) > len(ending)
        }
    return fields


def _widening(locale: str) -> list[str]:
    """Return all a tag can be cut to, and itself: ``zh``, ``zh-Hant``, ``zh-Hant-TW``."""
    parts = locale.replace("_", "-").split("-")
    return ["-".join(parts[:length]) for length in range(1, len(parts) + 1)]


def _component(value: str) -> str:
    """Encode a value for any component of a URL, with nothing reserved left in it."""
    return quote(value, safe="", errors="replace")
