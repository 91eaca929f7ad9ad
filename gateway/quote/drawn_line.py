"""Is a line drawn: "-----", "_____", "=====", and nothing else? Each user says how strictly.

What follows from it differs, so what is enough does. Two dashes above a signature are its sign, and
above an attribution they are not the mail program's; a pipe belongs to the box around a notice, and
to nobody's signature; dots part a card from a letter, and are a person's pause before a quote.

The trap: most lines begin with a letter, and are asked often. That is seen before an expression is.
"""

import re
from collections.abc import Callable

_DASHES = "-_=*\u2014\u2013"
_BOX = "\u2500-\u257f"  # Unicode's box drawing
_DOT = "\u1427"  # Canadian syllabics' final middle dot; Unicode calls it a letter
_LONGEST = 200


def _drawn(signs: str, least: int, most: int | None = _LONGEST) -> Callable[[str], bool]:
    """Return the question whether a line is signs and blanks alone, so many of them."""
    match = re.compile(rf"[{signs}\s]{{{least},{most or ''}}}$").match

    def is_drawn(bare: str) -> bool:
        return not bare[:1].isalnum() and match(bare) is not None

    return is_drawn


# What parts a mail from its history, and is only told from a divider with words in it.
plain = _drawn(_DASHES, 2, _LONGEST - 1)
# What a mail program draws right above what we sent: two dashes are a signature's.
firm = _drawn(f"{_DASHES}~", 3, None)
# What stands around a notice: a box is drawn with pipes and corners, too.
framed = _drawn(f"-_=*~#|+\u2014{_BOX}", 3)
# What stands between blocks: whatever it is, it is none of a block's words.
ornate = _drawn(f"{_DASHES}~#+.{_BOX}", 2)

_STRETCHES = re.compile(
    r"[-_=~*#\u2014\u2013\u2500\u2501\u2550]{2,200}(?:\s{1,3}[-_=~*#]{2,200}){0,9}$"
)
_SIGNING = re.compile(
    rf"(?:[{_DASHES}~#+.\u2500{_DOT}\s]{{2,{_LONGEST}}}|[\u2014\u2013\u2500{_DOT}])$"
)
_SHORT_DASHES = frozenset(
    ["--", "__", "\u2013", *(dash * n for dash in ("\u2014", "\u2500") for n in (1, 2, 3))]
)
_BEGUN = ("_____", "-----", "=====", "*****", "#####")


def stretched(bare: str) -> bool:
    """Whether a line is drawn as a footer's is: in stretches, with little between them."""
    return _STRETCHES.match(bare) is not None


def is_dash(bare: str) -> bool:
    """Whether a line is a dash that people set above a signature; a long row is a drawn line."""
    return bare in _SHORT_DASHES


def signing(bare: str) -> bool:
    """Whether a line is drawn as above a signature.

    A lone sign is a bullet or the rest of a diff; a lone dash of a typographer is a delimiter.
    """
    first = bare[:1]
    return (not first.isalnum() or first == _DOT) and _SIGNING.match(bare) is not None


def begun(bare: str) -> bool:
    """Whether a line begins as a drawn one, and goes on with words."""
    return bare.startswith(_BEGUN)
