"""Which charset are octets in that nobody declared, going by the letters they would be?

Each charset that is met in mail is tried in each of its languages, and the likeliest text wins
(``text_likelihood``). What the mail tells beside, its encoded words and the language its writer is
written to, makes some likelier.

The trap: replies are short, so ten letters must do, and between two charsets of one language only
some of them count. The beginning of the text is looked at, as far as it has letters beyond ASCII.
"""

import math
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from gateway.mail.text_likelihood import unlikelihood

_LOOKED_AT = 100_000
_SAMPLE = 600  # octets
_FEW = 40  # octets
_FIRST_LOOK = 100  # octets at which all charsets are tried
_SHORT_LIST = 10  # of those, how many are tried at the whole sample
_SPOKEN = 5.0  # natural logarithms, for the recipient's language
_NAMED = 8.0  # and for a charset that the mail's own encoded words are in
_TRADITIONAL = ("Hant", "TW", "HK", "MO")


@dataclass(frozen=True, slots=True)
class GuessedCharset:
    """A charset, the languages written in it, and how much less likely it is than others."""

    codec: str
    languages: tuple[str, ...]
    prior: float


_Spoken = tuple[GuessedCharset, str]


def guess(octets: bytes, codecs: Sequence[str] = (), language: str = "") -> str:
    """Return the likeliest codec. ``codecs``: those the mail's other words are in.

    ``language``: its writer's, as ``pt-BR``.
    """
    sample = _sampled(octets)
    everyone = [(one, spoken) for one in _charsets() for spoken in one.languages]
    wished = (frozenset(codecs), language)
    likely = [pair for _, pair in _ranked(sample[:_FIRST_LOOK], everyone, wished)]
    if len(sample) <= _FIRST_LOOK:
        return likely[0][0].codec
    return _ranked(sample, likely[:_SHORT_LIST], wished)[0][1][0].codec


def unlikelihood_in(octets: bytes, codec: str) -> float:
    """Return what a short text costs in the likeliest language of a codec; infinite if unknown."""
    return min(costs_in(octets, codec), default=math.inf)


def costs_in(octets: bytes, codec: str) -> Iterator[float]:
    """Yield what a short text costs in each language of a codec; nothing if that is unknown."""
    charset = next((one for one in _charsets() if one.codec == codec), None)
    if charset is None:
        return
    text = octets.decode(codec, "replace")
    for spoken in charset.languages:
        yield unlikelihood(text, spoken) + charset.prior


def _ranked(
    sample: bytes, pairs: list[_Spoken], wished: tuple[frozenset[str], str]
) -> list[tuple[float, _Spoken]]:
    """Return charsets and their languages, the likeliest for a sample first."""
    codecs, language = wished
    ranked = []
    texts: dict[str, str] = {}
    for one, spoken in pairs:
        if one.codec not in texts:
            texts[one.codec] = sample.decode(one.codec, "replace")
        cost = unlikelihood(texts[one.codec], spoken) + one.prior
        cost -= _NAMED if one.codec in codecs else 0.0
        cost -= _SPOKEN if _is_same(spoken, language) else 0.0
        ranked.append((cost, (one, spoken)))
    return sorted(ranked, key=lambda pair: pair[0])


def _sampled(octets: bytes) -> bytes:
    """Return the beginning: words with octets beyond ASCII, or their lines if these are few."""
    octets = octets[:_LOOKED_AT]
    sample = b" ".join([word for word in octets.split() if not word.isascii()])
    if len(sample) < _FEW:
        sample = b"\n".join([line for line in octets.split(b"\n") if not line.isascii()])
    if len(sample) <= _SAMPLE:
        return sample
    blank = sample.rfind(b" ", _SAMPLE // 2, _SAMPLE)
    return sample[: blank if blank > 0 else _SAMPLE]


def _is_same(spoken: str, language: str) -> bool:
    """Tell whether two tags name one language, and one script of Chinese."""
    first = language.replace("_", "-").split("-")[0].lower()
    if spoken.startswith("zh"):
        is_traditional = any(one in language for one in _TRADITIONAL)
        return first == "zh" and is_traditional == spoken.endswith("Hant")
    return first in (spoken, {"nb": "no"}.get(spoken))


@cache
def _charsets() -> tuple[GuessedCharset, ...]:
    file = resources.files("gateway.mail") / "data" / "guessed_charsets.toml"
    rows = tomllib.loads(file.read_text("utf-8"))["charset"]
    return tuple(
        GuessedCharset(row["codec"], tuple(row["languages"]), row["prior"]) for row in rows
    )
