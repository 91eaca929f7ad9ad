r"""Which characters of a text does nobody see, and what is shown in their place?

Text of strangers reaches terminals, headers and pages. Control characters lead a terminal
(ECMA-48), marks of direction mirror the words beside them (Unicode Bidirectional Algorithm, 2.1 to
2.6), and what is ignorable by default (Unicode 15, 5.21) makes two names look like one. They are
taken out (``without_unseen``) or written as escapes, ``\x1b`` or ``\u202e``: in one line
(``seen_line``: a terminal's cell, a log's line) and in a block, which keeps its own lines
(``seen_block``).

The trap: some of them say how the character before them looks, and belong to a word: joiners in
Persian, Sinhala and emoji (RFC 5892, appendix A.1 and A.2), variants of ideographs, three flags.
They stay where they do so, and one at a time.
"""

import json
import re
from typing import Any

# C0, DEL, C1 and halves of characters; tab and newline are told apart below.
_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"
_OF_DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_BREAKS = "\u2028\u2029"
_IGNORED = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_UNSEEN = _CONTROLS + _OF_DIRECTION + _BREAKS + _IGNORED

_JOINING = "\u0620-\u06dc\u06ee-\u070e\u0710-\u07ff\u0900-\u0dff\u1000-\u109f"
_JOINING += "\u1780-\u17b3\u17b6-\u17ff"
_EMOJI = "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u27ff\u2900-\u2bff\u3030\u303d\u3297\u3299"
_EMOJI += "\U0001f000-\U0001faff"
_IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_MONGOLIAN = "\u1820-\u18aa"
_FLAGS = ("gbeng", "gbsct", "gbwls")  # the three of UTS 51, B.1
_TAGGED = "|".join("".join(chr(0xE0000 + ord(sign)) for sign in flag) for flag in _FLAGS)
# What belongs to the character before it. Each alternative looks at both sides of one sign.
_BELONGS = "|".join(
    (
        rf"(?<=[{_JOINING}])[\u200c\u200d](?=[{_JOINING}])",
        rf"(?:(?<=[{_EMOJI}])|(?<=[{_EMOJI}]\ufe0f))\u200d(?=[{_EMOJI}])",
        rf"(?<=[{_EMOJI}])[\ufe0e\ufe0f]",
        r"(?<=[0-9#*])\ufe0f(?=\u20e3)",
        rf"(?<=[{_IDEOGRAPHS}])[\ufe00-\ufe02\U000e0100-\U000e01ef]",
        rf"(?<=[{_MONGOLIAN}])[\u180b-\u180f](?=[{_MONGOLIAN}])",
        rf"(?<=\U0001f3f4)(?:{_TAGGED})\U000e007f",
    )
)
_IN_BLOCK = re.compile(f"(?P<belongs>{_BELONGS})|[{_UNSEEN}]")
_IN_LINE = re.compile(f"(?P<belongs>{_BELONGS})|[\\t\\n{_UNSEEN}]")
_ANY = re.compile(f"[{_UNSEEN}]")  # a look at little cost: most text has none
_LINE_ENDS = re.compile("\r\n?")


def without_unseen(text: str) -> str:
    """Return a text without what nobody sees; tabs and newlines stay."""
    return text if _ANY.search(text) is None else _IN_BLOCK.sub(_kept, text)


def seen_line(text: str) -> str:
    r"""Return a text as one line that shows all that is in it, a newline as ``\n``."""
    if text.isascii() and text.isprintable():
        return text
    return _IN_LINE.sub(_escaped, text)


def seen_block(text: str) -> str:
    r"""Return a text of many lines, ended by ``\n``, that shows all that is in it."""
    return _IN_BLOCK.sub(_escaped, _LINE_ENDS.sub("\n", text).replace("\t", "    "))


def seen_json(value: Any) -> str:
    """Return JSON for people and programs: what nobody sees is escaped (RFC 8259, 7)."""
    written = json.dumps(value, indent=2, ensure_ascii=False)
    return _ANY.sub(lambda found: json.dumps(found[0])[1:-1], written)


def _kept(found: re.Match[str]) -> str:
    return found["belongs"] or ""


def _escaped(found: re.Match[str]) -> str:
    r"""Return one sign as Python writes it: ``\x1b``, ``\u202e``, ``\U000e0041``."""
    return found["belongs"] or found[0].encode("unicode_escape").decode("ascii")
