"""Take our secrets out of what is posted: reply and opt-out addresses, and opt-out links.

Whoever holds a reply address may write as its owner, so one that a reader quoted back must not
be shown to the others in the conversation. Tokens are 44 base32 characters; they are found in
addresses of either form, in links, percent-encoded, and bare. Linear.
"""

import re

HIDDEN = "[address removed]"

_SIGNED = r"[a-z2-7]{44}"
_ADDRESS = re.compile(
    rf"(?:mailto:)?(?<![a-z0-9])[rbu](?:[+.]|%2b|=2b){_SIGNED}(?:@|%40)[a-z0-9.-]{{1,253}}",
    re.IGNORECASE,
)
_LINK = re.compile(
    rf"https?://[^\s<>\"')\]]{{1,200}}?/[uf]/{_SIGNED}[^\s<>\"')\]]{{0,200}}", re.IGNORECASE
)
_BARE = re.compile(rf"(?<![a-z0-9])[rbu](?:[+.]|%2b|=2b){_SIGNED}(?![a-z0-9])", re.IGNORECASE)


def scrub(text: str) -> str:
    """Return the text with every token of ours, and what carries it, removed."""
    if len(text) < 44:
        return text
    for pattern in (_LINK, _ADDRESS, _BARE):
        text = pattern.sub(HIDDEN, text)
    return text
