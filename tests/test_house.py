"""What no linter knows about this project: sizes, names, and that the prose names the rooms."""

import ast
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("core", "gateway", "notifier")
FOLDERS = (*PACKAGES, "tests", "bench", "docs", "deploy", ".ci", ".github")
VAGUE = {"common", "helper", "helpers", "manager", "misc", "util", "utils"}
# A path below somebody's own folder; in a web address or a mail's text it is another matter.
MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:root|work|home|Users)/\w")
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
LAST_UNCHECKED_COMMIT = "7123ff9d0d3a55bd4209c81616ac3ad495baff92"
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|NotImplemented" r"Error)\b")


def _files(*folders: str) -> Iterator[Path]:
    """Yield the project's own text files: those of the folders, and those at the top."""
    for folder in folders:
        yield from (file for file in (ROOT / folder).rglob("*") if _is_ours(file))
    yield from (file for file in ROOT.iterdir() if _is_ours(file) and file.name != "rejoinder.toml")


def _is_ours(file: Path) -> bool:
    made = {"__pycache__", "replies", "node_modules"}  # corpus mails are other people's words
    return file.is_file() and not made & set(file.parts) and ".db" not in file.name


def _python(*folders: str) -> list[Path]:
    return sorted(file for file in _files(*folders) if file.suffix == ".py")


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


EVERY_PYTHON_FILE = _python(*FOLDERS)
EVERY_PACKAGE = sorted(
    _name(file.parent)
    for file in _python(*PACKAGES)
    if file.name == "__init__.py" and "migrations" not in file.parts
)


def test_no_file_is_longer_than_300_lines() -> None:
    """A file answers one question; where it needs more than 300 lines a noun is missing."""
    lengths = {_name(f): len(f.read_text("utf-8").splitlines()) for f in EVERY_PYTHON_FILE}

    assert {name: lines for name, lines in lengths.items() if lines > 300} == {}


def test_no_function_is_longer_than_40_lines() -> None:
    """A function is read at one glance. A migration is a list of tables, written once."""
    long = {
        f"{_name(file)}:{node.lineno} {node.name}": length
        for file in EVERY_PYTHON_FILE
        if "migrations" not in file.parts
        for node in ast.walk(_tree(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > 40
    }

    assert long == {}


def test_no_name_is_vague() -> None:
    """There is no drawer for what has no place: no file, folder or class is called utils or so."""
    words = {
        _name(file): set(re.split(r"[/._]", _name(file).lower())) for file in EVERY_PYTHON_FILE
    }
    classes = {
        f"{_name(file)} {node.name}": set(re.findall(r"[A-Z][a-z]+", node.name))
        for file in EVERY_PYTHON_FILE
        for node in ast.walk(_tree(file))
        if isinstance(node, ast.ClassDef)
    }

    vague = [name for name, parts in words.items() if parts & VAGUE]
    vague += [name for name, parts in classes.items() if {p.lower() for p in parts} & VAGUE]
    assert vague == []


def _modules() -> dict[str, list[str]]:
    """Return the product's files and folders by their last name, each with where it stands."""
    found: dict[str, list[str]] = {}
    for file in (file for file in _python(*PACKAGES) if "migrations" not in file.parts):
        own = file.parent if file.name == "__init__.py" else file.with_suffix("")
        if own != ROOT:
            found.setdefault(own.name, []).append(_name(own))
    return found


def _speaks_to_others(module: str) -> bool:
    """Whether a module bears the name of what others call: a route's or a command's."""
    return module.startswith(("gateway/http/", "gateway/cli/")) or module == "notifier/cli"


def _stands_for_one_thing(name: str, modules: list[str]) -> bool:
    """Tell whether a name means the same wherever it stands.

    A noun of ``core/model`` may name a file in each room that deals with it. A route or a command
    bears the name of what it calls, be that a verb or a way in.
    """
    nouns = {file.stem for file in (ROOT / "core/model").glob("*.py")}
    is_noun = name in nouns or name.removesuffix("s") in nouns
    return is_noun or sum(not _speaks_to_others(one) for one in modules) == 1


# Each stands for several things, as everybody expects it to. This list only shrinks.
MAY_RECUR = {"__init__", "base", "context", "queue"}


def test_no_module_name_stands_for_two_things() -> None:
    """One word, one meaning: whoever greps for a name finds one thing."""
    homonyms = {
        name: modules
        for name, modules in _modules().items()
        if len(modules) > 1 and name not in MAY_RECUR
        if not _stands_for_one_thing(name, modules)
    }

    assert homonyms == {}


def test_no_class_name_stands_for_two_things() -> None:
    """A class is known by its name alone, wherever it is met."""
    classes: dict[str, list[str]] = {}
    for file in _python(*PACKAGES):
        for node in _tree(file).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                classes.setdefault(node.name, []).append(_name(file))

    assert {name: files for name, files in classes.items() if len(files) > 1} == {}


# What the trade has a word for is called by that word (docs/vocabulary.md). What these were:
# recipients, ingress, context, crash log, isolation, connection, server state, preamble,
# connection limits, timeouts, data reader, pool, gates, webhooks, loop detector, printer.
METAPHORS = {
    "addressee", "hatch", "house", "desk", "switchboard", "ward", "aside", "apart", "visit",
    "station", "porch", "doorman", "patience", "intake", "arrival", "crew", "doors", "hooks",
    "theatre", "teller", "stage", "story", "board", "matter", "letter", "lately", "guest",
    "breaker",
}  # fmt: skip
# How long a burst waits for company: that is what the word means. And a code that is stored.
PLAIN_THERE = {
    "core/rules/patience.py", "core/rules/patience.py Patience", "core/rules/patience.py patience",
    "core/rules/look_again.py patience", "core/verdict.py BREAKER",
}  # fmt: skip


def test_no_name_is_a_metaphor_of_our_own() -> None:
    """Nothing has a name that a newcomer would have to be told: no module, value or parameter."""
    named = {(_name(file), _name(file)) for file in _python(*PACKAGES)}
    named |= {
        (f"{_name(file)} {name}", name)
        for file in _python(*PACKAGES)
        for node in ast.walk(_tree(file))
        if (name := _given(node)) is not None
    }

    found = [
        where
        for where, name in sorted(named)
        if {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)} & METAPHORS
    ]
    assert [where for where in found if where not in PLAIN_THERE] == []


def _given(node: ast.AST) -> str | None:
    """Return the name that is given here, be it to a class, a function, a parameter or a value."""
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return name
        case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
            return name
        case ast.MatchAs(name=name) | ast.alias(asname=name) | ast.ExceptHandler(name=name):
            return name
        case _:
            return None


@pytest.mark.parametrize("package", EVERY_PACKAGE)
def test_every_room_is_on_the_map(package: str) -> None:
    """A newcomer finds each package named in the README or in docs/flow.md."""
    prose = (ROOT / "README.md").read_text("utf-8") + (ROOT / "docs/flow.md").read_text("utf-8")

    assert re.search(rf"\b{re.escape(package)}\b", prose), f"{package} stands in neither"


def test_no_package_passes_on_what_others_made() -> None:
    """A name is imported from where it is defined: no ``__init__`` imports what it does not use."""
    passed_on = []
    for file in EVERY_PYTHON_FILE:
        if file.name == "__init__.py":
            nodes = list(ast.walk(_tree(file)))
            used = {node.id for node in nodes if isinstance(node, ast.Name)}
            passed_on += [
                f"{_name(file)} {alias.asname or alias.name}"
                for node in nodes
                if isinstance(node, ast.Import | ast.ImportFrom)
                for alias in node.names
                if (alias.asname or alias.name).partition(".")[0] not in used
            ]
            passed_on += [f"{_name(file)} __all__"] if "__all__" in used else []

    assert passed_on == []


@pytest.mark.parametrize(
    ("pattern", "folders"),
    [
        pytest.param(MACHINE_PATH, FOLDERS, id="no path of somebody's own machine"),
        pytest.param(UNFINISHED, FOLDERS, id="nothing left to be done later"),
    ],
)
def test_no_file_says(pattern: re.Pattern[str], folders: tuple[str, ...]) -> None:
    """What is in the project is finished, and true on every machine."""
    found = []
    for file in _files(*folders):
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a mail in another charset
        found += [f"{_name(file)}: {match[0]}" for match in pattern.finditer(text)]

    assert found == []


def test_no_log_line_is_given_a_second_event() -> None:
    """The logger takes the event as its first argument; naming another raises, after the deed."""
    named = [
        f"{_name(file)}:{node.lineno}"
        for file in EVERY_PYTHON_FILE
        for node in ast.walk(_tree(file))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in LEVELS
        and any(keyword.arg == "event" for keyword in node.keywords)
    ]

    assert named == []


def test_every_dependency_has_its_reason() -> None:
    """What is installed with Rejoinder is decided by name, in docs/adr/0002-dependencies.md."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    reasons = (ROOT / "docs/adr/0002-dependencies.md").read_text("utf-8").lower()

    names = [re.split(r"[\[<>=;~! ]", line)[0].lower() for line in wanted]
    assert [name for name in names if f"`{name}`" not in reasons] == []


def test_a_commit_says_why_in_72_characters() -> None:
    """Longer subjects are cut off wherever commits are listed."""
    assert [subject for subject in _subjects() if len(subject) > 72] == []


def _subjects() -> list[str]:
    """Return the subjects of commits since they are held to it, as far as this clone knows them.

    A shallow clone may not know where that was, and what is no clone knows none.
    """
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        return []
    log = ("git", "-C", str(ROOT), "log", "--format=%s", "--no-merges")
    for commits in ((f"{LAST_UNCHECKED_COMMIT}..HEAD",), ("--max-count=1",)):
        told = subprocess.run([*log, *commits], capture_output=True, text=True, check=False)
        if told.returncode == 0:
            return told.stdout.splitlines()
    return []
