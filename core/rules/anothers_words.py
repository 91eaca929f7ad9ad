"""What of a refusal may stand with the mails of others? The words, without anybody's address.

A relay quotes whom a mail was for, and who waits behind that mail is somebody else. Of the peer's
words every text with an ``@`` goes that could be read as an address: too much hides a host's name,
too little tells one reader of another.
"""

import re

from core.scrub import HIDDEN

_LONGEST = 500  # of what a peer said, which is cut there: the pattern is quadratic in a word
_ADDRESS = re.compile(
    r"(?:\"[^\"\n]{1,128}\"|[^\s<>()\[\],;:\"@]+)@(?:\[[^\]\s]*\]?|[^\s<>()\[\],;:\"]+)"
)


def without_addresses(text: str) -> str:
    """Return a peer's words, cut, with each address in them taken out."""
    return _ADDRESS.sub(HIDDEN, text[:_LONGEST])
