"""What stands in a text that eyes do not see? Shown, so that who says yes has seen all of it.

Characters without a shape, those that turn the direction of writing, and controls are written as
``[U+202E]``. Left as they are: line ends and tabs, and what joins or parts letters and pictures of
scripts that are written so (Persian, Hindi, emoji), where between Latin letters it only hides.
"""

import unicodedata

_JOINERS = "\u200c\u200d"
# No format characters by their category, and blank all the same (UAX 44, Default_Ignorable; the
# last two are drawn as blanks).
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800\ufff9\ufffa\ufffb")
_SHOWN = frozenset("\n\t")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SCRIPTS_THAT_JOIN = 0x0590


def visible(text: str) -> str:
    """Return a text with what is unseen in it made visible. Line ends become LF."""
    text = text.replace("\r\n", "\n")
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        f"[U+{ord(sign):04X}]" if _is_unseen(text, at, sign) else sign
        for at, sign in enumerate(text)
    )


def _is_unseen(text: str, at: int, sign: str) -> bool:
    if sign in _SHOWN or (sign.isprintable() and sign not in _BLANK):
        return _is_variation(sign)
    if sign in _JOINERS:
        return not (_joins(text[at - 1 : at]) and _joins(text[at + 1 : at + 2]))
    return sign in _BLANK or unicodedata.category(sign) in _HIDDEN


def _is_variation(sign: str) -> bool:
    """Whether a sign is one of the 240 variations that carry data unseen; 16 are of emoji."""
    return 0xE0100 <= ord(sign) <= 0xE01EF


def _joins(sign: str) -> bool:
    """Whether a sign is of a script, or a picture, that is joined and parted unseen."""
    if not sign:
        return False
    return ord(sign) >= _SCRIPTS_THAT_JOIN and unicodedata.category(sign)[0] in "LMS"
