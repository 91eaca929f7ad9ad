"""How good is an extract? Which of the sender's words are lost, which of the quote's leak.

Words are compared as multisets without regard to case, line breaks or markup, so that it does
not matter how an extractor renders a list or folds a line; links are left out. A message counts
as *loss* if a word of the body is missing, as *leak* if a word of the quote is there that neither
the body nor the optional parts explain, as *sigleak* likewise; *clean* is neither loss nor leak,
*perfect* none of the three.
"""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

# Zero-width and direction marks, which clients add and drop as they like.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufe0f\ufeff]")
_LINK = re.compile(r"(?:https?://|mailto:|cid:|www\.)[^\s<>\])]*", re.IGNORECASE)
_MARKDOWN_LINK = re.compile(r"\[([^\]\n]{0,500})\]\([^)\s]{0,500}\)")
# Scripts written without spaces count by the character, everything else by the word.
_DENSE = "\u0e00-\u0e7f\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
_WORD = re.compile(
    rf"[{_DENSE}]|[^\W_{_DENSE}]+|[\U0001f300-\U0001faff\u2600-\u27bf]|[+]1|[?!]{{2,}}"
)
_INVISIBLE = re.compile(
    r"<!--.*?-->|<(style|script|head|title)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)


def words(text: str) -> Counter[str]:
    """Count the words of a text."""
    plain = unicodedata.normalize("NFKC", _UNSEEN.sub("", html.unescape(text)))
    plain = _LINK.sub(" ", _MARKDOWN_LINK.sub(r"\1", plain))
    return Counter(word.casefold() for word in _WORD.findall(plain))


def without_tags(markup: str) -> str:
    """Give the words of an HTML fragment, one space for each tag."""
    return html.unescape(re.sub(r"<[^>]*>", " ", _INVISIBLE.sub(" ", markup)))


@dataclass(frozen=True, slots=True)
class Score:
    """The words of one extract that are wrong."""

    lost: Counter[str]
    leaked: Counter[str]
    signature: Counter[str]

    @property
    def clean(self) -> bool:
        """Say whether nothing was lost and no history is left."""
        return not self.lost and not self.leaked

    @property
    def perfect(self) -> bool:
        """Say whether the signature is gone as well."""
        return self.clean and not self.signature


def score(parts: Mapping[str, str], extract: str) -> Score:
    """Compare an extract with the parts of its case."""
    body, got = words(parts["body"]), words(extract)
    rest = got - body - words(parts["optional"]) - words(parts["context"])
    # A word that signature and quote share counts as the milder fault.
    signature = rest & words(parts["signature"])
    return Score(
        lost=body - got,
        leaked=(rest - signature) & words(parts["quote"]),
        signature=signature,
    )
