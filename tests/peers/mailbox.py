"""What every mail server that we run has: a port, a log, and mailboxes on disk."""

from dataclasses import dataclass
from pathlib import Path

from tests.peers.awaiting import until


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A running mail server."""

    folder: Path
    port: int

    @property
    def log_file(self) -> Path:
        """Where it writes what it does."""
        return self.folder / "log"

    def inbox(self, who: str) -> Path:
        """Return the folder of somebody's mails, a file each."""
        return self.folder / "mail" / who / "new"

    def log(self) -> str:
        """Return all it has written."""
        return self.log_file.read_text("utf-8") if self.log_file.exists() else ""

    def logs(self, *words: str) -> str:
        """Return the first line of the log with all these words, as soon as there is one."""

        def look() -> str:
            lines = self.log().splitlines()
            return next((line for line in lines if all(word in line for word in words)), "")

        return until(look, f"the log says {words}")

    def gets(self, who: str) -> bytes:
        """Return the first mail that comes to somebody."""

        def look() -> bytes:
            return next((file.read_bytes() for file in self.inbox(who).glob("*")), b"")

        return until(look, f"a mail comes to {who}")

    def bounce(self, who: str) -> str:
        """Return the first mail that comes to somebody, its lines unfolded to one."""
        return " ".join(self.gets(who).decode().split())
