"""An Exim of our own on loopback, in a folder of its own, as the plain user that owns it.

What a check is about comes in as a router, a transport and what the ACL for RCPT denies.
"""

import os
import pwd
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.peers.awaiting import until
from tests.peers.mailbox import Mailbox
from tests.peers.packages import Program
from tests.peers.processes import ended, free_port, listens
from tests.peers.served import USER

_CONFIGURATION = """\
primary_hostname = mail.example.org
exim_user = {user}
exim_group = {group}
never_users = root
spool_directory = {folder}/spool
log_file_path = {folder}/%slog
exim_path = {program}
keep_environment = LD_LIBRARY_PATH
host_lookup =
rfc1413_query_timeout = 0s
dkim_verify_signers =
tls_advertise_hosts =
smtp_accept_max_per_host = 0
acl_smtp_rcpt = rcpt
log_selector = +tls_cipher +smtp_confirmation

begin acl

rcpt:
{denied}
  accept

begin routers

{router}
mailbox:
  driver = accept
  domains = example.net
  local_parts = ann : bo
  transport = mailbox

begin transports

{transport}
mailbox:
  driver = appendfile
  directory = {folder}/mail
  maildir_format
  create_directory

begin retry

* * F,1h,1m
"""


@dataclass(frozen=True, slots=True)
class Written:
    """What an operator writes for a reply domain."""

    router: str
    transport: str
    denied: str = ""


@dataclass(frozen=True, slots=True)
class Exim(Mailbox):
    """A running Exim; all mailboxes are one."""

    @property
    def log_file(self) -> Path:
        """The main log."""
        return self.folder / "mainlog"

    def inbox(self, who: str) -> Path:
        """Return the folder of everybody's mails."""
        return self.folder / "mail" / "new"


@contextmanager
def exim(folder: Path, program: Program, written: Written, port: int = 0) -> Iterator[Exim]:
    """Run an Exim until left."""
    folder.mkdir()
    user = pwd.getpwnam(USER)
    os.chown(folder, user.pw_uid, user.pw_gid)
    text = _CONFIGURATION.format(
        user=user.pw_uid, group=user.pw_gid, folder=folder, router=written.router,
        transport=written.transport, denied=written.denied, program=program.path,
    )  # fmt: skip
    configuration = folder / "exim.conf"
    configuration.write_text(text)
    port = port or free_port()
    place = ["-oX", f"127.0.0.1.{port}", "-oP", str(folder / "pid")]
    with (
        (folder / "said").open("ab") as said,
        subprocess.Popen(
            [str(program.path), "-C", str(configuration), "-bdf", *place],
            cwd=folder, env=program.environment, stdin=subprocess.DEVNULL, stdout=said,
            stderr=said, text=True, start_new_session=True, user=user.pw_uid,
            group=user.pw_gid, extra_groups=[],
        ) as process,
        ended(process),
    ):  # fmt: skip
        until(lambda: listens(port) or process.poll() is not None, "Exim listens")
        if process.returncode is not None:
            raise OSError((folder / "said").read_text("utf-8"))
        yield Exim(folder, port)
