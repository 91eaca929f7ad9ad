"""What is the configuration? Default, then file, then environment, then flag; the last one wins.

    file          rejoinder.toml        [smtp] port = 25
    environment   REJOINDER_*           REJOINDER_SMTP__PORT=25, or REJOINDER_SMTP__PORT_FILE=/path
    flags         dotted names          {"smtp.port": 25}

Everything that is wrong is told at once, each with where it came from. The trap: a misspelled
setting that is silently ignored. So a name nobody knows is an error, in every source; only
``REJOINDER_CONFIG``, which names the file, stands beside the settings. In the environment others
speak under our prefix, too: Kubernetes tells every container of a service ``rejoinder``
(``REJOINDER_SERVICE_HOST``). What is near no section there is told (``not_ours``), and left.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from core.config import DEFAULT_FILE
from core.config.settings import Settings
from core.errors import SettingsError

PREFIX = "REJOINDER_"
FILE_VARIABLE = "REJOINDER_CONFIG"

Name = tuple[str, ...]
_NEAR = 0.6


@dataclass(frozen=True, slots=True)
class _Given:
    """One setting as somebody gave it, and where."""

    name: Name
    value: Any
    origin: str


def load(
    file: Path | None, environment: Mapping[str, str], flags: Mapping[str, object]
) -> Settings:
    """Return the effective settings, or raise SettingsError with all that is wrong, one a line.

    Without a file, ``REJOINDER_CONFIG`` names it, else ``rejoinder.toml`` is read if it is there.
    A flag whose value is None was not given.
    """
    read = list(_all_given(file, environment, flags))
    wrong = [one for one in read if isinstance(one, str)]
    settings, invalid = _settle([one for one in read if isinstance(one, _Given)])
    if settings is None or wrong:
        raise SettingsError("\n".join(wrong + invalid))
    return settings


def not_ours(environment: Mapping[str, str]) -> list[str]:
    """Return the variables with our prefix that cannot have been meant as settings, sorted."""
    ours = (FILE_VARIABLE, *Settings.model_fields)

    def is_theirs(variable: str) -> bool:
        words = variable.removeprefix(PREFIX).lower()
        sections = {words, words.partition("_")[0]}
        near = any(get_close_matches(one, ours, n=1, cutoff=_NEAR) for one in sections)
        return "__" not in words and variable != FILE_VARIABLE and not near

    return sorted(one for one in environment if one.startswith(PREFIX) and is_theirs(one))


def known_names() -> list[str]:
    """Return every setting's dotted name, as ``smtp.port``."""
    return [
        f"{section}.{setting}"
        for section, field in Settings.model_fields.items()
        for setting in type(field.default).model_fields
    ]


def _settle(given: list[_Given]) -> tuple[Settings | None, list[str]]:
    """Return the settings these make, or what is wrong with them."""
    values: dict[str, Any] = {}
    for one in given:
        room: Any = values
        for part in one.name[:-1]:
            room = room.setdefault(part, {}) if isinstance(room, dict) else None
        if isinstance(room, dict):  # otherwise a value stands where a section belongs: told below
            room[one.name[-1]] = one.value
    try:
        return Settings.model_validate(values), []
    except ValidationError as error:
        return None, [_sentence(problem, given) for problem in error.errors()]


def _all_given(
    file: Path | None, environment: Mapping[str, str], flags: Mapping[str, object]
) -> Iterator[_Given | str]:
    """Yield what was given, the weakest source first, and a sentence for what cannot be read."""
    named = environment.get(FILE_VARIABLE)
    chosen = file or Path(named or DEFAULT_FILE)
    if file or named or chosen.exists():
        yield from _from_file(chosen)
    yield from _from_environment(environment)
    for dotted, value in flags.items():
        if value is not None:
            yield _Given(tuple(dotted.split(".")), value, f"flag {dotted}")


def _from_file(file: Path) -> Iterator[_Given | str]:
    try:
        text = file.read_text(encoding="utf-8")
        tables = tomllib.loads(text)
    except OSError as error:
        yield f"{file}: cannot be read: {error.strerror}"
    except ValueError as error:
        yield f"{file}: is no TOML: {error}"
    else:
        for section, table in tables.items():
            if not isinstance(table, dict) or not table:
                yield _Given((section,), table, _line(file, text, (section,)))
                continue
            for setting, value in table.items():
                name = (section, setting)
                yield _Given(name, value, _line(file, text, name))


def _line(file: Path, text: str, name: Name) -> str:
    """Return where a name stands in the file, to the line when it is plain to see."""
    header = ""
    for number, line in enumerate(text.splitlines(), 1):
        if table := re.match(r"\s*\[\s*([\w.\"-]+)\s*\]", line):
            header = table[1].replace('"', "") + "."
            if header.rstrip(".") == ".".join(name):
                return f"{file}, line {number}"
        key = re.match(r"\s*([\w.\"-]+)\s*=", line)
        if key and f"{header}{key[1]}".replace('"', "") == ".".join(name):
            return f"{file}, line {number}"
    return str(file)


def _from_environment(environment: Mapping[str, str]) -> Iterator[_Given | str]:
    """Read our variables; an empty one counts as not given, as compose files write it."""
    known = set(known_names())
    left = frozenset((*not_ours(environment), FILE_VARIABLE))
    for variable, text in sorted(environment.items()):
        if not variable.startswith(PREFIX) or variable in left or not text:
            continue
        name = tuple(variable.removeprefix(PREFIX).lower().split("__"))
        if ".".join(name) in known or not variable.endswith("_FILE"):
            yield _Given(name, text, variable)
            continue
        name = (*name[:-1], name[-1].removesuffix("_file"))
        if environment.get(variable.removesuffix("_FILE")):
            yield f"{'.'.join(name)}: given twice ({variable} and {variable.removesuffix('_FILE')})"
            continue
        try:
            yield _Given(name, Path(text).read_text(encoding="utf-8").strip(), variable)
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "is no UTF-8"
            yield f"{'.'.join(name)}: {text} cannot be read: {why} ({variable})"


def _sentence(problem: Mapping[str, Any], given: list[_Given]) -> str:
    """Say one thing that is wrong: the setting, the fault, the source."""
    name = tuple(str(part) for part in problem["loc"] if part != "[key]")
    dotted = ".".join(name)
    if not name:  # of settings that do not go together; the fault names them itself
        return str(problem["msg"]).removeprefix("Value error, ")
    origins = list(dict.fromkeys(one.origin for one in given if _concerns(one.name, name)))
    if problem["type"] == "extra_forbidden":
        fault = "unknown setting" + _suggestion(dotted)
    else:
        fault = problem["msg"].removeprefix("Value error, ").removeprefix("Input ")
        origins = origins[-1:]  # the strongest source won, so it is the one to mend
    return f"{dotted}: {fault} ({', '.join(origins)})"


def _concerns(given: Name, told: Name) -> bool:
    """Whether a fault told of one name may come from the setting given under another."""
    shared = min(len(given), len(told))
    return given[:shared] == told[:shared]


def _suggestion(dotted: str) -> str:
    """Return the nearest name there is, if one is near."""
    known = known_names() if "." in dotted else list(Settings.model_fields)
    near = get_close_matches(dotted, known, n=1, cutoff=_NEAR)
    return f"; did you mean {near[0]}?" if near else ""
