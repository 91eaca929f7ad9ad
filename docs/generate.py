"""Write the pages that are made from code: `make docs`. A test says when one is stale."""

from pathlib import Path

import gateway.answers
from core.actions import explain
from core.config import pages
from core.rules import suppression_terms

ROOT = Path(__file__).resolve().parent.parent


def generated() -> dict[str, str]:
    """Return every generated page: its path from the root, and what it must say."""
    return {
        "docs/configuration.md": pages.markdown(),
        "deploy/rejoinder.example.toml": pages.example_toml(),
        "docs/reasons.md": explain.markdown(),
        "docs/suppressions.md": suppression_terms.markdown(),
        "docs/smtp-answers.md": gateway.answers.markdown(),
    }


def main() -> None:
    """Write them all."""
    for path, text in generated().items():
        file = ROOT / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
