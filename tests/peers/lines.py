"""The lines an operator is told to write, taken from the documentation with names of our own.

A block is found by how its first line begins. What differs on this machine (ports, folders, the
program) is put in place of what the page says; a name that a block does not have is a mistake.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_FENCED = re.compile(r"^```[a-z]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def lines(page: str, opening: str, **instead: str) -> str:
    """Return the one block of a page that begins so; ``instead`` is listed in ``_SAID``."""
    text = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
    found = [block for block in _FENCED.findall(text) if block.startswith(opening)]
    if len(found) != 1:
        raise LookupError(f"docs/{page}.md: {len(found)} blocks begin with {opening!r}")
    block = str(found[0])
    for name, value in instead.items():
        said = _SAID[name]
        if said not in block:
            raise LookupError(f"docs/{page}.md: {opening!r} does not say {said!r}")
        block = block.replace(said, value)
    return block


def flags(toml: str) -> list[str]:
    """Return settings as flags of ``serve``."""
    sections: dict[str, dict[str, Any]] = tomllib.loads(toml)
    return [
        word
        for section, settings in sections.items()
        for name, value in settings.items()
        for word in ("--set", f"{section}.{name}={_written(value)}")
    ]


def _written(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


_SAID = {
    "smtp_port": "2525",
    "lmtp_place": "unix:/run/rejoinder/lmtp",
    "lmtp_socket": "/run/rejoinder/lmtp",
    "certificate": "/etc/rejoinder/tls/fullchain.pem",
    "key": "/etc/rejoinder/tls/privkey.pem",
    "program": "/usr/bin/rejoinder",
    "config": "/etc/rejoinder.toml",
    "folder": "/var/lib/rejoinder",
    "user": "user=rejoinder",
    "exim_user": "user = rejoinder",
    "relay_host": "mail.example.org",
    "relay_port": "587",
    "bind": "bind :25\n",
}
