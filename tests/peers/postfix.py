"""A Postfix of our own on loopback, in a folder of its own; it needs root, as Postfix does.

What a check is about comes in as lines for ``main.cf`` and ``master.cf``; the rest is what Debian
ships, without what needs the machine's own users and databases.
"""

import os
import pwd
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers.awaiting import until
from tests.peers.mailbox import Mailbox
from tests.peers.processes import ended, environment, free_port, listens

_DAEMONS = Path("/usr/lib/postfix/sbin")
MASTER = _DAEMONS / "master"
_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.example.org
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
smtpd_peername_lookup = no
smtp_tls_loglevel = 1
smtpd_relay_restrictions = permit_mynetworks permit_sasl_authenticated defer_unauth_destination
virtual_mailbox_domains = example.net
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = inline:{{ ann@example.net=ann/ bo@example.net=bo/ }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
"""
_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@contextmanager
def postfix(folder: Path, main: str = "", master: str = "", port: int = 0) -> Iterator[Mailbox]:
    """Run a Postfix until left."""
    port = port or free_port()
    nobody = pwd.getpwnam("nobody")
    for name in ("etc", "spool", "data", "mail"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    os.chown(folder / "data", pwd.getpwnam("postfix").pw_uid, -1)
    os.chown(folder / "mail", nobody.pw_uid, -1)
    opening = _MAIN.format(folder=folder, daemons=_DAEMONS, uid=nobody.pw_uid, gid=nobody.pw_gid)
    (folder / "etc" / "main.cf").write_text(opening + main)
    (folder / "etc" / "master.cf").write_text(_MASTER.format(port=port) + master)
    (folder / "etc" / "dynamicmaps.cf").touch()
    _create_queue(folder)
    with (
        subprocess.Popen(
            [MASTER, "-c", folder / "etc", "-s"],
            env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, text=True, start_new_session=True,
        ) as process,
        ended(process),
    ):  # fmt: skip
        until(lambda: listens(port), "Postfix listens")
        yield Mailbox(folder, port)


def flush(one: Mailbox) -> None:
    """Let Postfix try at once what it has kept for later."""
    words = ["/usr/sbin/postqueue", "-c", str(one.folder / "etc"), "-f"]
    subprocess.run(words, check=True, capture_output=True, env=environment())


def _create_queue(folder: Path) -> None:
    """Let Postfix make its folders; what it says of the machine's own files is not for us."""
    check = ["/usr/sbin/postfix", "-c", str(folder / "etc"), "check"]
    subprocess.run(check, check=False, capture_output=True, env=environment())
