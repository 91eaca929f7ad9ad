"""Write the corpus: `python tests/corpus/generate.py [FOLDER]`, by default tests/corpus/replies.

The same bytes come out on every run. A new case is a table in clients.toml, locales.toml or
traps.toml.
"""

import sys
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.corpus import matrix, traps  # noqa: E402
from tests.corpus.case import Case, write  # noqa: E402


def generate() -> list[Case]:
    """Make every case."""
    locales = _table("locales")
    return [
        *matrix.cases(_table("clients"), locales),
        *traps.cases(_table("traps"), locales),
    ]


def main(folder: Path) -> None:
    """Replace the cases of a folder by fresh ones."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in ("*.eml", "*.txt", "*.json"):
        for old in folder.glob(kind):
            old.unlink()
    cases = generate()
    for case in cases:
        write(case, folder)
    sys.stdout.write(f"{len(cases)} mails in {folder.name}\n")


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else HERE / "replies")
