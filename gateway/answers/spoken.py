"""How do we say a refusal to the person whose mail it is? In their language, and in English below.

Once an address has proven whose it is, a refusal is read by that person: in the bounce their own
mail server writes. So it opens in their language; the line that ends it is the English one of the
table, for the operators of that server. ``sentences/<language>.toml`` holds the words.

The trap: a reply is ASCII (RFC 5321, 4.2) unless the client said SMTPUTF8 with MAIL, and so can
read UTF-8 in replies (RFC 6531, 3.7.4.1). Words stripped of their accents are no language: what is
not ASCII is left out where it may not stand.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from core.language import closest
from core.verdict import Reason, Reject, Verdict
from gateway.answers import answer, row_of
from gateway.answers.verdicts import VERDICTS

_SENTENCES = resources.files("gateway.answers") / "sentences"
_LINE = 510  # RFC 5321, 4.5.3.1.5: octets, without the line's end
_AUTOMATIC = VERDICTS[Reason.AUTO_SUBMITTED].sentence


def spoken(verdict: Verdict, *, utf8: bool = False, reference: str | None = None) -> str:
    """Write the reply to a verdict; to a refusal with a reader, for that reader."""
    reader = verdict.reader if isinstance(verdict, Reject) else None
    said = answer(verdict, reader.link if reader else None, reference)
    own = translation(verdict)
    if own is None or not (utf8 or own.isascii()):
        return said
    status = row_of(verdict).status
    line = f"{status.code}-{status.enhanced} {own}"
    return f"{line}\r\n{said}" if len(line.encode()) <= _LINE else said


def translation(verdict: Verdict) -> str | None:
    """Return what a refusal says in its reader's language; None where English has to do."""
    if not isinstance(verdict, Reject) or verdict.reader is None:
        return None
    row = row_of(verdict)
    if row.status.temporary:
        return None
    key = "automatic" if row.sentence == _AUTOMATIC else verdict.reason.value
    key = f"{key}.{verdict.instead}" if verdict.instead else key
    return _sentences(verdict.reader.locale).get(key)


@cache
def languages() -> frozenset[str]:
    """Return the languages there are sentences in, as ``pt`` or ``zh-Hans``."""
    return frozenset(one.name.removesuffix(".toml") for one in _SENTENCES.iterdir())


def _sentences(locale: str) -> Mapping[str, str]:
    """Return the sentences of a locale, from its full tag to its language; none if unknown."""
    found = closest(locale, languages())
    return _read(found) if found is not None else {}


@cache
def _read(language: str) -> Mapping[str, str]:
    """Read a language's file; a table in it holds the sentences of a reason, by their detail."""
    told = tomllib.loads((_SENTENCES / f"{language}.toml").read_text(encoding="utf-8"))
    flat = {key: one for key, one in told.items() if isinstance(one, str)}
    tables = {key: one for key, one in told.items() if key not in flat}
    return flat | {f"{key}.{seen}": one for key in tables for seen, one in tables[key].items()}
