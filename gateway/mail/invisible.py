"""Which signs at the ends of a text does nobody see?

A byte order mark that stayed with the text breaks comparison, search and commands in the app. The
trap: some signs that show nothing say how others look (joiners in Persian words and emoji, marks of
direction in Hebrew), so within a text only the byte order mark goes, which means nothing there.
"""

BYTE_ORDER_MARK = "\ufeff"
_AT_ENDS = (
    "".join(chr(code) for code in (*range(0x21), 0x7F))
    + "\u00a0\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2028\u2029\u2060\u2061\u2062\u2063"
    + "\u2064\u2800\u3000\u3164\ufeff\uffa0\ufff9\ufffa\ufffb\ufffe\uffff"
)
_AT_BEGINNING = _AT_ENDS + "\u200c\u200d\ufe0e\ufe0f"  # they belong to the sign before
# Marks of direction, which Outlook writes into blank lines in Hebrew: alone they show nothing.
_ALONE = _AT_BEGINNING + "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def without_invisible_ends(text: str) -> str:
    """Return a text without what nobody sees at its ends, and without any byte order mark.

    A text in which nothing is seen at all is empty.
    """
    if BYTE_ORDER_MARK in text:
        text = text.replace(BYTE_ORDER_MARK, "")
    text = text.strip().lstrip(_AT_BEGINNING).rstrip(_AT_ENDS).strip()
    return text if text.strip(_ALONE) else ""
