"""What would email-reply-parser say? A second opinion, never a decision.

Its patterns are cubic in the number of "On", so it is only asked about short texts with few of
them. Where we found no history at all and it did, confidence is lower and a person may look.
"""

from collections.abc import Sequence

from email_reply_parser import EmailReplyParser

_MAX_CHARACTERS = 4_000
_MOST_ON = 6


def disagrees(lines: Sequence[str]) -> bool:
    """Whether the baseline folds something of a text that we kept whole."""
    # It takes what it found for a pattern's template, where a backslash may mean nothing.
    text = "\n".join(lines).replace("\\", "/")
    if len(text) > _MAX_CHARACTERS or text.count("On") > _MOST_ON:
        return False
    kept: str = EmailReplyParser.parse_reply(text)
    return len(kept.split()) < len(text.split())
