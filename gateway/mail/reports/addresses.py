r"""Which addresses does a piece of a report name? In order, each once, a few at most.

RFC 6533, 3: an address with letters beyond ASCII may be written ``\x{HEX}`` for each of them.
"""

import re

_MOST = 20
_ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
# Quoted local parts too. Bounded: a local part has 64 octets, a domain 255 (RFC 5321, 4.5.3.1).
_ADDRESS = re.compile(
    r"(?:\"[^\"\n@]{1,64}\"|(?<![\w.+=/-])[\w.!#$%&'*+/=?^`{|}~-]{1,64})"
    r"@\[?[\w](?:[\w.-]{0,253}\w)?\]?"
)


def addresses_in(text: str) -> tuple[str, ...]:
    """Return the addresses of a text."""
    found: dict[str, None] = {}
    for match in _ADDRESS.finditer(_ESCAPED.sub(_character, text)):
        found.setdefault(match[0].strip("'`"))
        if len(found) >= _MOST:
            break
    return tuple(found)


def _character(escape: re.Match[str]) -> str:
    number = int(escape[1], 16)
    return chr(number) if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else ""
