"""What is installed is what was pinned, octet for octet; and what is known against it is told."""

import hashlib
import importlib.util
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "constraints").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
_HASHED = re.compile(r"(\S+)==(\S+)(?: ; [^\\]+)?(?: --hash=sha256:[0-9a-f]{64})+")


def _entries(file: Path) -> list[str]:
    """Return each release a file pins, with all that is said of it on one line."""
    lines = file.read_text("utf-8").replace("\\\n", "").splitlines()
    return [" ".join(line.split()) for line in lines if line and not line.startswith("#")]


def _pinned(name: str) -> dict[str, str]:
    """Return the releases of one file."""
    found = [_HASHED.fullmatch(one) for one in _entries(ROOT / "constraints" / f"{name}.txt")]
    return {canonicalize_name(one[1]): one[2] for one in found if one is not None}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_release_is_pinned_with_its_hashes(file: Path) -> None:
    """Each line is one release and its octets; none names an index, a URL, a path or an option."""
    entries = _entries(file)

    assert entries
    assert [one for one in entries if not _HASHED.fullmatch(one)] == []


def _wanted() -> Iterator[tuple[str, str]]:
    project, groups = PROJECT["project"], PROJECT["dependency-groups"]
    for line in project["dependencies"] + project["optional-dependencies"]["dev"]:
        yield "dev", line
    for group, lines in groups.items():
        for line in lines:
            yield "dev" if group == "build" else group, line


@pytest.mark.parametrize(("file", "line"), list(_wanted()))
def test_what_the_project_wants_is_pinned(file: str, line: str) -> None:
    """A dependency that is added or raised is locked in the same commit: run `make lock`."""
    wanted = Requirement(line)

    pinned = _pinned(file).get(canonicalize_name(wanted.name))

    assert pinned is not None, f"{wanted.name} is not in constraints/{file}.txt: run `make lock`"
    assert wanted.specifier.contains(pinned)


def test_a_new_file_of_pins_belongs_to_a_group() -> None:
    """Whatever stands there is written by `make lock`."""
    assert {file.stem for file in FILES} == {"dev", *PROJECT["dependency-groups"]} - {"build"}


@pytest.mark.parametrize("name", ["pip", "setuptools"])
def test_the_environment_has_the_pip_that_is_pinned(name: str) -> None:
    """What a new environment comes with is as old as its Python: it is replaced first."""
    assert version(name) == _pinned("pip")[name]


def test_everything_is_installed_by_its_hash() -> None:
    """No line of the Makefile lets pip take what nobody has pinned."""
    lines = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", "").splitlines()
    installs = [line for line in lines if "pip install" in line]

    assert len(installs) == 2
    assert all("--require-hashes" in line or "--no-index --no-deps" in line for line in installs)


def _a_wheel(folder: Path) -> Path:
    """Write a package of nothing."""
    wheel, info = folder / "nothing_much-1.0-py3-none-any.whl", "nothing_much-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("nothing_much.py", "")
        file.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: nothing-much\nVersion: 1.0\n"
        )
        file.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        file.writestr(f"{info}/RECORD", "")
    return wheel


@pytest.mark.parametrize(
    ("change", "code", "told"),
    [
        pytest.param(lambda digest: f" --hash=sha256:{digest}", 0, "", id="the octets pinned"),
        pytest.param(
            lambda digest: f" --hash=sha256:{digest[::-1]}", 1, "DO NOT MATCH", id="others"
        ),
        pytest.param(lambda _: "", 1, "require-hashes", id="none pinned"),
    ],
)
def test_a_wrong_hash_is_refused(tmp_path: Path, change: Any, code: int, told: str) -> None:
    """As `make setup` calls it, pip installs what is pinned and nothing that only has its name."""
    digest = hashlib.sha256(_a_wheel(tmp_path).read_bytes()).hexdigest()
    pins = tmp_path / "pins.txt"
    pins.write_text(f"nothing-much==1.0{change(digest)}\n", "utf-8")

    done = subprocess.run(
        [
            sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
            "--isolated", "--require-hashes", "--no-index", "--find-links", str(tmp_path),
            "--target", str(tmp_path / "there"), "-r", str(pins),
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, told in done.stderr) == (code, True)
    assert (tmp_path / "there" / "nothing_much.py").exists() == (code == 0)


def _audit() -> Any:
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CLEAN = {"name": "idna", "version": "3.20", "vulns": []}
SKIPPED = {"name": "rich", "skip_reason": "not found"}
KNOWN = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": ["9.1"]}
UNMENDED = {"id": "PYSEC-2026-2", "aliases": [], "fix_versions": []}


def _told(*dependencies: dict[str, Any]) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


def _with(*known: dict[str, Any]) -> dict[str, Any]:
    return {"name": "atpublic", "version": "9.0.0", "vulns": list(known)}


@pytest.mark.parametrize(
    ("told", "accepted", "code", "words"),
    [
        pytest.param(_told(CLEAN), {}, 0, "nothing is known against 1 releases.", id="clean"),
        pytest.param("", {}, 0, "NOT DONE", id="the service cannot be reached"),
        pytest.param("Traceback …", {}, 0, "NOT DONE", id="the tool broke"),
        pytest.param("[]", {}, 0, "NOT DONE", id="another form"),
        pytest.param(_told(), {}, 0, "NOT DONE", id="nothing was looked at"),
        pytest.param(_told(SKIPPED, SKIPPED), {}, 0, "NOT DONE", id="a mirror knows no advisories"),
        pytest.param(_told(CLEAN, SKIPPED), {}, 0, "NOT ASKED about 1: rich", id="some skipped"),
        pytest.param(_told(CLEAN, _with(KNOWN)), {}, 1, "mended in 9.1: make lock", id="known"),
        pytest.param(_told(_with(UNMENDED)), {}, 1, "no release mends it", id="not mended yet"),
        pytest.param(_told(_with(KNOWN)), {"CVE-2026-1": "…"}, 0, "nothing", id="accepted"),
        pytest.param(
            _told(_with(KNOWN, UNMENDED)), {"CVE-2026-1": "…"}, 1, "PYSEC-2026-2", id="another"
        ),
    ],
)
def test_an_audit_is_never_silent(
    told: str, accepted: dict[str, str], code: int, words: str
) -> None:
    """What is known fails, what could not be asked is said and fails nothing."""
    answered, sentence = _audit().judge(told, accepted)

    assert (answered, words in sentence) == (code, True)


def test_an_accepted_advisory_has_its_reason() -> None:
    """Nobody is to guess why something that is known was let be."""
    accepted = PROJECT["tool"]["rejoinder"]["accepted-advisories"]

    assert [name for name, why in accepted.items() if len(why.split()) < 4] == []
