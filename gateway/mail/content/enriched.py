"""What does a text in text/enriched (RFC 1896) or text/richtext (RFC 1341, 7.1.3) say?

Its commands look like tags and are left out, with what they take as parameters. In enriched text
one line break is a blank and each further one is one; in richtext they are commands, too.
"""

import re

from gateway.mail.content.shown_words import without

KINDS = frozenset({"text/enriched", "text/richtext"})
_PARAM = (re.compile("<param>", re.IGNORECASE), re.compile("</param>", re.IGNORECASE))
_COMMENT = (re.compile("<comment>", re.IGNORECASE), re.compile("</comment>", re.IGNORECASE))
_COMMAND = re.compile(r"</?[A-Za-z0-9-]{1,60}>")
_BREAKS = re.compile(r"\n+")
_NEW_LINE = re.compile(r"<nl>|</?paragraph>", re.IGNORECASE)


def plain_of(text: str, kind: str) -> str:
    """Return the words, in lines."""
    if kind == "text/enriched":
        text = _BREAKS.sub(lambda run: "\n" * (len(run[0]) - 1) or " ", text)
        text = _COMMAND.sub("", without(text.replace("<<", "\0"), *_PARAM))
        return text.replace("\0", "<")
    text = _NEW_LINE.sub("\0", without(text.replace("\n", " "), *_COMMENT).replace("<lt>", "\1"))
    return _COMMAND.sub("", text).replace("\0", "\n").replace("\1", "<")
