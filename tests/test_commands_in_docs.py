"""Every command that the documentation names can be run as it is written."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from rejoinder import commands

ROOT = Path(__file__).resolve().parent.parent
_FENCED = re.compile(r"^```\w*\n(.*?)^```", re.DOTALL | re.MULTILINE)
# But for Postfix's master.cf, where it is the name of a service.
_COMMAND = re.compile(r"(?:^|\$\()rejoinder (?!unix )([^#|)&\n]+)", re.MULTILINE)


def _written() -> Iterator[tuple[str, str]]:
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for block in _FENCED.findall(page.read_text(encoding="utf-8")):
            for line in _COMMAND.findall(block.replace("\\\n", " ")):
                yield page.name, " ".join(line.split())


@pytest.mark.parametrize(
    "line", [pytest.param(line, id=f"{page}: {line}") for page, line in _written()]
)
def test_a_command_in_the_docs_exists(line: str) -> None:
    """Its name, and each option it is given."""
    words = line.split()
    command = get_command(commands)
    while isinstance(command, TyperGroup):
        assert words[0] in command.commands, line
        command = command.commands[words.pop(0)]
    known = {name for parameter in command.params for name in parameter.opts}

    assert {word for word in words if word.startswith("--")} <= known | {"--help"}
