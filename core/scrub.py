"""Take our secrets out of a text: reply and opt-out addresses, and the links we sign.

Whoever holds a reply address may write as its owner, so one that a reader quoted back, or that
an error names, must be shown to nobody. A token is 44 or 48 characters of base32 (``core.address``,
``core.files.link``). It is found in addresses of either form, in links, also those that a mail
filter wrapped into its own, encoded for URLs (%2B), quoted-printable (=2B) and HTML (&#43;), broken
over lines or by what nobody sees, and bare. Linear: no pattern nests a repetition in a repetition
without an end.
"""

import re

HIDDEN = "[address removed]"

# Where a page or a mail program lets a long word break, unseen: as HTML says it, and as it is.
UNSEEN_IN_HTML = (
    *("<wbr>", "<wbr >", "<wbr/>", "<wbr />", "&shy;", "&#173;", "&#xad;", "&zwnj;", "&zwj;"),
    *("&nobreak;", "&zerowidthspace;", "&#8203;", "&#8204;", "&#8205;", "&#8288;", "&#65279;"),
    *("&#x200b;", "&#x200c;", "&#x200d;", "&#x2060;", "&#xfeff;"),
)
_UNSEEN = r"[\u00ad\u200b-\u200d\u2060\ufeff]|=c2=ad|=e2=80=8[b-d]"

_SHORTEST = 44
_SIGN = "[a-z2-7]"
# A line that was broken within a token: soft (RFC 2045, 6.7), quoted, or for the eye.
_BREAK = rf"(?:=?\r?\n(?:> ?){{0,4}}|{'|'.join(UNSEEN_IN_HTML)}|{_UNSEEN})"
_NEXT = rf"(?:{_SIGN}|{_BREAK}{_SIGN})"
_TOKEN = rf"{_SIGN}{_NEXT}{{43}}{_NEXT}{{0,4}}"
_PLUS = r"(?:[+.]|%(?:25)?2b|=2b|&#43;|&#x2b;|&plus;)"
_AT = r"(?:@|%(?:25)?40|=40|&#64;|&#x40;|&commat;)"
_EDGE = r"(?:(?<![a-z0-9])|(?<=[%=][0-9a-f]{2}))"
_PURPOSE = "[rbu]"

_URL = re.compile(r"https?://[^\s<>\"')\]]+", re.IGNORECASE)
_IN_URL = re.compile(rf"(?:[/=_-]|%(?:25)?2f){_SIGN}{{44,48}}(?![a-z0-9])", re.IGNORECASE)
_LINK = re.compile(
    rf"/[ufhp]/{_BREAK}?{_TOKEN}(?![a-z0-9])[^\s<>\"')\]]{{0,300}}",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    rf"{_PURPOSE}{_BREAK}?{_PLUS}{_BREAK}?{_TOKEN}(?![a-z0-9])"
    rf"(?:{_BREAK}?{_AT}[a-z0-9.-]{{1,253}})?",
    re.IGNORECASE,
)
# A word of this length without a digit may be somebody's cry of joy.
_BARE = re.compile(
    rf"{_EDGE}(?=[a-z]{{0,47}}[2-7]){_SIGN}{{44}}(?:{_SIGN}{{4}})?(?![a-z0-9])", re.IGNORECASE
)


def scrub(text: str) -> str:
    """Return the text with every token of ours, and what carries it, removed."""
    if len(text) < _SHORTEST:
        return text
    text = _URL.sub(_hidden, text)
    for pattern in (_LINK, _ADDRESS, _BARE):
        text = pattern.sub(HIDDEN, text)
    return text


def _hidden(url: re.Match[str]) -> str:
    """Hide a whole URL that carries a token, whoever wrapped it."""
    return HIDDEN if _IN_URL.search(url[0]) else url[0]
