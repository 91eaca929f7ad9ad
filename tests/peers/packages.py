"""Programs of Debian's packages: those that are installed, else fetched and unpacked for this run.

Postfix alone must be installed, since it needs users of its own; nothing is ever removed for it.
Everything else is unpacked beside us, so that the machine keeps the mail server it has.
"""

import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.peers.postfix import MASTER
from tests.peers.processes import environment

_SBIN = "/usr/sbin:/usr/bin:/sbin:/bin"
_TO_FETCH = re.compile(r"^Inst (\S+)", re.MULTILINE)
_SILENT = {"DEBIAN_FRONTEND": "noninteractive"}


class MissingError(Exception):
    """A program is missing and cannot be had here."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program and what it needs in its environment."""

    path: Path
    environment: dict[str, str] = field(default_factory=environment)


def install_postfix() -> None:
    """Install Postfix where it is missing, without starting one on port 25."""
    if MASTER.exists():
        return
    _apt("update", "-q")
    words = "postfix postfix/main_mailer_type select No configuration\n"
    subprocess.run(["debconf-set-selections"], input=words, text=True, check=False)
    _apt("install", "-y", "--no-remove", "--no-install-recommends", "postfix", "libsasl2-modules")


def program(name: str, package: str, larder: Path) -> Program:
    """Return a program of a package; the larder keeps what was unpacked."""
    installed = shutil.which(name, path=_SBIN)
    if installed:
        return Program(Path(installed))
    root = larder / package
    if not root.exists():
        _unpack(package, root)
    found = next((one for one in root.glob(f"usr/*bin/{name}")), None)
    if found is None:
        raise MissingError(f"Debian's package {package} has no {name}")
    libraries = ":".join(str(one) for one in root.glob("usr/lib/*-linux-gnu*"))
    return Program(found, environment(LD_LIBRARY_PATH=libraries))


def _unpack(package: str, root: Path) -> None:
    """Fetch a package and what it lacks here, and unpack them into a folder."""
    root.mkdir()
    planned = ("install", "--simulate", "--no-install-recommends", package)
    try:
        told = _apt(*planned)
    except MissingError:  # no list of packages yet, or an old one
        _apt("update", "-q")
        told = _apt(*planned)
    _apt("download", *_TO_FETCH.findall(told), folder=root)
    for one in root.glob("*.deb"):
        subprocess.run(["dpkg-deb", "--extract", one, root], check=True)
    for one in root.glob("usr/*bin/*"):  # no program of root's for everybody in a public folder
        if one.is_file() and not one.is_symlink():
            one.chmod(0o755)


def _apt(*words: str, folder: Path | None = None) -> str:
    """Run apt-get, or say why this machine cannot."""
    if not shutil.which("apt-get", path=_SBIN):
        raise MissingError("packages are fetched with apt-get, and this machine has none (Debian?)")
    ran = subprocess.run(
        ["apt-get", *words], cwd=folder, env=environment(**_SILENT), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    if ran.returncode:
        raise MissingError(f"apt-get {' '.join(words)}: {ran.stderr.strip()}")
    return ran.stdout
