"""A view of the machine that only we and our children have, in a mount namespace.

- A service does not run as root, and Postfix's pipe(8) refuses to. Where this Python lives in
  somebody's closed home, that folder is covered by one that holds nothing but what we need.
- Exim asks for the user of Debian's package by name. Where nobody installed it, a copy of the list
  of users has the name, and the machine's own stays as it is.
"""

import os
import stat
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_ENTERED = "PEERS_HAVE_A_VIEW"
_NAME_EXIM = r"""
fresh=$(mktemp -d)
for list in passwd group; do
  sed -E 's/^(nobody|nogroup):(.*)/&\nDebian-exim:\2/' /etc/$list > "$fresh/$list"
  mount --bind "$fresh/$list" /etc/$list
done
rm -r "$fresh"
"""
_COVER = """
fresh=$(mktemp -d)
mount -t tmpfs -o mode=0755 way "$fresh"
while [ "$1" != -- ]; do
  mkdir -p "$fresh/${1#"$closed"/}"
  mount --bind "$1" "$fresh/${1#"$closed"/}"
  shift
done
mount --move "$fresh" "$closed"
rmdir "$fresh"
"""


def enter() -> None:
    """Start this program anew with such a view, unless it has one."""
    needed = [Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve(), _ROOT]
    closed = next((folder for one in needed for folder in _closed(one)), None)
    named = "\nDebian-exim:" in Path("/etc/passwd").read_text("utf-8")
    if _ENTERED in os.environ:
        return
    steps = ["set -e; closed=$1; shift", "" if named else _NAME_EXIM, _COVER if closed else ""]
    kept = [str(one) for one in needed if closed in one.parents]
    script = "\n".join([*steps, 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"'])
    words = ["unshare", "--mount", "sh", "-c", script, "sh", str(closed), *kept, "--"]
    again = [sys.executable, *sys.argv]
    os.execvpe("unshare", [*words, *again], {**os.environ, _ENTERED: "1"})  # noqa: S606


def _closed(path: Path) -> list[Path]:
    """Return the folders on the way to a path that strangers may not pass, the outermost first."""
    outside_in = [*reversed(path.parents), path]
    return [one for one in outside_in if not one.stat().st_mode & stat.S_IXOTH]
