"""Write down how often letters follow one another in the languages of 8-bit charsets.

    python bench/letter_pairs.py --write     gateway/mail/data/letter_pairs.toml anew

What is counted are the names of languages, places, currencies, units and times in CLDR (Unicode
License v3), which Babel brings along, and the sentences of this project. A pair's figure is four
times the negative natural logarithm of the second letter's probability after the first, in one
digit of base 36. The first letter of each list, a blank, stands for all that is no letter. Of
languages with more letters than pairs could be counted for, the most frequent are told, in order.
"""

import argparse
import math
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from babel import Locale

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "gateway/mail/data/letter_pairs.toml"
OWN = ("gateway/answers/sentences", "notifier/rendering/locales")
OWN_WEIGHT = 3  # people write sentences, not lists of names
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
SCALE = 4
SMOOTHING = 0.1
LANGUAGES = [
    "ru", "uk", "bg", "sr", "mk", "be", "el", "he", "ar", "fa", "th", "tr", "pl", "cs", "sk", "hu",
    "ro", "sl", "hr", "lv", "lt", "et", "vi", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb",
    "fi", "is", "en",
]  # fmt: skip
SCRIPTS = {
    **dict.fromkeys(LANGUAGES[:6], "CYRILLIC"),
    "el": "GREEK", "he": "HEBREW", "ar": "ARABIC", "fa": "ARABIC", "th": "THAI",
}  # fmt: skip
TABLES = ("languages", "territories", "currency_names", "unit_display_names", "unit_patterns",
          "months", "days", "time_zones", "date_fields", "scripts")  # fmt: skip
FREQUENT = {"ja": 400, "ko": 400, "zh-Hans": 700, "zh-Hant": 700}  # letters told, by how often
RARE = 4  # a letter seen less often is of another language

HEAD = """# How often letters follow one another, by language; bench/letter_pairs.py makes this.
#
# source: names in the Unicode Common Locale Data Repository (Unicode License v3), by way of Babel,
# and this project's own sentences.

"""


def strings(value: object) -> Iterator[str]:
    """Yield every text within nested tables."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from strings(one)


def sentences(language: str) -> Iterator[str]:
    """Yield this project's own sentences in a language."""
    for folder in OWN:
        file = ROOT / folder / f"{language}.toml"
        if file.exists():
            for text in strings(tomllib.loads(file.read_text("utf-8"))):
                yield re.sub(r"[{<][^}>]{0,80}[}>]", " ", text)


def texts(language: str) -> Iterator[tuple[str, int]]:
    """Yield what is counted in a language, each with its weight."""
    data = Locale.parse(language, sep="-")._data  # noqa: SLF001  the names have no other door
    for table in TABLES:
        if table in data:
            yield from ((text, 1) for text in strings(data[table]))
    yield from ((text, OWN_WEIGHT) for text in sentences(language))


def belongs(letter: str, language: str) -> bool:
    """Tell whether a letter is of the language's script."""
    if letter == "\u200c":
        return False
    script = SCRIPTS.get(language, "LATIN")
    named = unicodedata.name(letter, "").startswith(script)
    return named and unicodedata.category(letter)[0] in "LM"


def figures(language: str) -> tuple[str, list[str]]:
    """Return the letters of a language, and a row of figures for each."""
    pairs: Counter[tuple[str, str]] = Counter()
    for text, weight in texts(language):
        plain = unicodedata.normalize("NFC", text).lower()
        signs = "".join(one if belongs(one, language) else " " for one in f" {plain} ")
        for pair in pairwise(signs):
            pairs[pair] += weight
    seen: Counter[str] = Counter()
    for (first, _), count in pairs.items():
        seen[first] += count
    letters = " " + "".join(sorted(one for one in seen if one != " " and seen[one] >= RARE))
    rows = []
    for first in letters:
        total = sum(pairs[first, second] for second in letters) + SMOOTHING * len(letters)
        row = [math.log((pairs[first, second] + SMOOTHING) / total) for second in letters]
        rows.append("".join(DIGITS[min(35, round(-SCALE * one))] for one in row))
    return letters, rows


def frequent(language: str) -> str:
    """Return the ideographs and syllables that are most frequent in a language, in that order."""
    seen: Counter[str] = Counter()
    for text, weight in texts(language):
        for sign in text:
            if unicodedata.name(sign, "").startswith(("CJK UNIFIED", "HANGUL SYLLABLE")):
                seen[sign] += weight
    return "".join(sign for sign, _ in seen.most_common(FREQUENT[language]))


def main() -> None:
    """Print the table, or write it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="write the table into its place")
    wanted = parser.parse_args()
    out = [HEAD]
    for language in LANGUAGES:
        letters, rows = figures(language)
        listed = "".join(f'    "{row}",\n' for row in rows)
        out.append(f'[{language}]\nletters = "{letters}"\nrows = [\n{listed}]\n\n')
    out.append("[frequent]\n")
    out += [f'{language} = "{frequent(language)}"\n' for language in FREQUENT]
    table = "".join(out).rstrip("\n") + "\n"
    if wanted.write:
        TARGET.write_text(table, "utf-8")
    else:
        print(table)


if __name__ == "__main__":
    main()
