"""Which of the languages there are does a tag mean, and which would a browser like best?

A tag is looked up from its full length to its language alone (RFC 4647, 3.4). The traps: a tag of
Chinese often names a country and means a script, and some languages have an older or a wider tag
than the one their words are kept under.
"""

from collections.abc import Collection, Iterable

_LONGEST = 35  # RFC 5646, 4.4.1
# Tags by what else a language is called (BCP 47, 4.1; IANA's registry: Preferred-Value).
_OTHERWISE = {
    "zh": "zh-hans",
    "zh-tw": "zh-hant",
    "zh-hk": "zh-hant",
    "zh-mo": "zh-hant",
    "no": "nb",
    "nn": "nb",
    "iw": "he",
    "in": "id",
    "mo": "ro",
    "prs": "fa",
}
_LONGEST_HEADER = 1_000
_MOST_RANGES = 20


def closest(tag: str, there: Collection[str]) -> str | None:
    """Return the language of those there are that a tag means, as it is written; None if none.

    ``tag`` may be anything: what is no tag means no language. ``there``: tags as BCP 47 has them.
    """
    written = {one.lower(): one for one in there}
    parts = tag[:_LONGEST].replace("_", "-").lower().split("-")
    for length in range(len(parts), 0, -1):
        name = "-".join(parts[:length])
        found = written.get(_OTHERWISE.get(name, name))
        if found is not None:
            return found
    return None


def first_known(tags: Iterable[str | None], there: Collection[str]) -> tuple[str, str] | None:
    """Return the first tag that means a language of those there are, and that language."""
    for tag in tags:
        language = closest(tag, there) if tag else None
        if tag and language is not None:
            return tag, language
    return None


def accepted(header: str) -> list[str]:
    """Return what an Accept-Language asks for, what is liked best first (RFC 9110, 12.5.4)."""
    weighed = [_weighed(one) for one in header[:_LONGEST_HEADER].split(",")[:_MOST_RANGES]]
    liked = [one for one in weighed if one[0] > 0 and one[1] not in {"", "*"}]
    return [tag for _, tag in sorted(liked, key=lambda one: -one[0])]


def _weighed(part: str) -> tuple[float, str]:
    """Return a range and how much it is liked, from 0 to 1; one that makes no sense is not."""
    tag, _, parameter = part.partition(";")
    name, _, value = parameter.strip().partition("=")
    if not parameter.strip():
        return 1.0, tag.strip()
    if name.strip().lower() != "q" or not value.strip()[:5].replace(".", "", 1).isdecimal():
        return 0.0, tag.strip()
    return min(float(value.strip()[:5]), 1.0), tag.strip()
