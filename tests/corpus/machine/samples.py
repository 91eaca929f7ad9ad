"""The samples: what machines send (systems.toml) and what people do (genuine.toml), by language.

Made in memory from the tables, in a fixed order; a new case is a new row there.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from tests.corpus.machine.letter import Letter, octets

HERE = Path(__file__).resolve().parent
_ADDRESS = "sam@harbour.example"


@dataclass(frozen=True, slots=True)
class Sample:
    """One mail, and what must be said of it: rule and fate, both empty for a person's."""

    name: str
    raw: bytes
    reverse_path: str
    rule: str = ""
    fate: str = ""


def machines() -> list[Sample]:
    """Return what machines send."""
    return [
        _sample(f"{system['name']}-{code}", system, words)
        for system in _table("systems")["system"]
        for code, words in languages()
        if code in system["languages"]
    ]


def people() -> list[Sample]:
    """Return what people write: each trait in each language, the programs taken in turn."""
    genuine = _table("genuine")
    clients, samples = genuine["client"], []
    for number, (trait, (code, words)) in enumerate(
        (trait, language) for trait in genuine["trait"] for language in languages()
    ):
        client = clients[number % len(clients)]
        headers = [*client["headers"], *trait.get("headers", ())]
        mail = {"text": "$reply", "subject": "$re: $topic", **client, **trait, "headers": headers}
        name = f"{trait['name']}-{client['name']}-{code}"
        reply = {"reply": words["replies"][number % len(words["replies"])]}
        samples.append(_sample(name, mail, words | reply))
    return samples


def _sample(name: str, row: dict[str, Any], words: dict[str, Any]) -> Sample:
    """Fill one row with one language's words."""
    known = {"address": row.get("author", _ADDRESS), **words}
    says = row.get("says")
    text = row["text"] if says is None else f"${{{says}}}" if says else ""
    letter = Letter(
        name=name,
        author=(words["user"], row.get("author", _ADDRESS)),
        subject=_filled(row["subject"], known) or None,
        text=_filled(text, known),
        headers=tuple(_filled(line, known) for line in row["headers"]),
        form=row.get("form", "plain"),
        answers=row.get("answers", True),
        hops=row.get("hops", 2),
    )
    path = _filled(row.get("path", "$address"), known)
    return Sample(name, octets(letter), path, row.get("rule", ""), row.get("fate", ""))


def _filled(text: str, known: dict[str, Any]) -> str:
    return Template(text).substitute(known)


def languages() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each language's code and words."""
    locales = tomllib.loads((HERE.parent / "locales.toml").read_text(encoding="utf-8"))
    for code, words in _table("languages").items():
        yield code, {**locales[code], **words}


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))
