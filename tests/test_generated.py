"""The pages made from code say what the code says."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def _generated() -> dict[str, str]:
    """Return what docs/generate.py would write."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    pages: dict[str, str] = module.generated()
    return pages


@pytest.mark.parametrize("path", sorted(_generated()))
def test_a_generated_page_is_fresh(path: str) -> None:
    """A change of code that a page is made from changes the page too: run `make docs`."""
    written = (ROOT / path).read_text(encoding="utf-8")

    assert written == _generated()[path], f"{path} is stale: run `make docs`"
