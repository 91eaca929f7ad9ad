"""May a plain user run this Python? Where it lives in somebody's closed home, open a way to it.

A service does not run as root, and Postfix's pipe(8) refuses to. The way is a mount namespace that
only we and our children see: the closed folder is covered by an empty one that holds nothing but
the interpreter and this project.
"""

import os
import stat
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_DONE = "PEERS_HAVE_A_WAY"
_COVER = """\
set -e
closed=$1; shift
fresh=$(mktemp -d /tmp/way-XXXXXX)
mount -t tmpfs -o mode=0755 way "$fresh"
while [ "$1" != -- ]; do
  mkdir -p "$fresh/${1#"$closed"/}"
  mount --bind "$1" "$fresh/${1#"$closed"/}"
  shift
done
shift
mount --move "$fresh" "$closed"
rmdir "$fresh"
exec "$@"
"""


def open_a_way() -> None:
    """Start anew where a plain user can reach all it needs, unless one can already."""
    needed = [Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve(), _ROOT]
    closed = next((folder for one in needed for folder in _closed(one)), None)
    if closed is None or _DONE in os.environ:
        return
    kept = [str(one) for one in needed if closed in one.parents]
    again = [sys.executable, *sys.argv]
    words = ["unshare", "--mount", "sh", "-c", _COVER, "sh", str(closed), *kept, "--", *again]
    os.execvpe("unshare", words, {**os.environ, _DONE: "1"})  # noqa: S606


def _closed(path: Path) -> list[Path]:
    """Return the folders on the way to a path that strangers may not pass, the outermost first."""
    outside_in = [*reversed(path.parents), path]
    return [one for one in outside_in if not one.stat().st_mode & stat.S_IXOTH]
