"""What do the filters and verifiers of others say of our mails?

    make judges                                 all of them
    .venv/bin/python tests/peers/judges.py dkim     those with this in their names

It needs root and Debian's spamassassin, rspamd, opendkim, libmail-dkim-perl and libemail-mime-perl;
what is missing is told. All of it runs in a network namespace of its own, where nobody can be
asked. Exit 1 if anything does not hold, or a judge is missing.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.peers import judged
from tests.peers.mails_written import Mailing, written
from tests.peers.packages import MissingError

_ALONE = "JUDGES_ARE_ALONE"
_BEFORE = 'ip link set lo up; exec "$@"'


def main() -> int:
    """Let each judge look at the mails, and tell what it found."""
    if os.geteuid() or shutil.which("unshare") is None:
        sys.stderr.write("This takes root and unshare, for a network of its own.\n")
        return 2
    if _ALONE not in os.environ:
        words = [sys.executable, *sys.argv]
        there = os.environ | {_ALONE: "1"}
        alone = ["unshare", "--net", "sh", "-c", _BEFORE, "sh", *words]
        os.execvpe("unshare", alone, there)  # noqa: S606
    mailing = written(int(time.time() * 1000))
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="judges-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        for what, judge in _judges(mailing, Path(name)).items():
            if all(word in what for word in sys.argv[1:]):
                wrong += _told(what, judge)
    return 1 if wrong else 0


def _judges(mailing: Mailing, folder: Path) -> dict[str, Callable[[], list[str]]]:
    """Return who is asked, by what must hold."""
    every = (*mailing.ordinary, *mailing.named)
    files, records = judged.kept(every, folder), mailing.records
    return {
        "SpamAssassin gives ordinary mails nothing": lambda: judged.spamassassin(
            mailing.ordinary, folder
        ),
        "rspamd takes no name for a forgery": lambda: judged.rspamd(mailing, folder),
        "dkimpy accepts both signatures": lambda: judged.dkimpy(every, records),
        "rspamd accepts both (dkim)": lambda: judged.rspamd_dkim(every, records, folder),
        "OpenDKIM accepts both (dkim)": lambda: judged.opendkim(files, records, folder),
        "Mail::DKIM accepts what it knows (dkim), Email::MIME reads what Python reads": lambda: (
            judged.perl(files, records, folder)
        ),
    }


def _told(what: str, judge: Callable[[], list[str]]) -> int:
    """Ask one judge, write what it says, and return how much is wrong."""
    try:
        found = judge()
    except MissingError as missing:
        found = [str(missing)]
    sys.stdout.write(f"{'NO' if found else 'ok'}  {what}\n")
    sys.stdout.write("".join(f"      {one}\n" for one in found))
    sys.stdout.flush()
    return len(found)


if __name__ == "__main__":
    sys.exit(main())
