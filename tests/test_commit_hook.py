"""What looks at a commit's subject before it is made counts as the test of those that are made."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def _line() -> list[str]:
    """Return the hook's own line, run by the Python that is here."""
    hook = (ROOT / ".pre-commit-config.yaml").read_text("utf-8").partition("id: subject\n")[2]
    folded = hook.partition("entry: >-")[2].partition("language:")[0].splitlines()[1:]
    python, *rest = shlex.split(" ".join(folded))
    assert python == ".venv/bin/python"
    return [sys.executable, *rest]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        pytest.param("a" * 72 + "\n\n" + "b" * 90 + "\n", 0, id="72, and a long line below"),
        pytest.param("a" * 73 + "\n", 1, id="73"),
        pytest.param("ü" * 72 + "\n", 0, id="72 characters in 144 octets"),
        pytest.param("ü" * 73, 1, id="73 characters and no line's end"),
        pytest.param("", 0, id="empty: that is git's to refuse"),
    ],
)
def test_a_subject_has_at_most_72_characters(tmp_path: Path, message: str, code: int) -> None:
    """However many octets they take."""
    file = tmp_path / "COMMIT_EDITMSG"
    file.write_text(message, "utf-8")

    done = subprocess.run([*_line(), str(file)], check=False)

    assert done.returncode == code
