"""The anchor for many processes: Postfix, which takes a mail durably and delivers to a maildir.

    python postfix.py PORT

A private instance on loopback, in a folder of its own; needs Debian's package and root.
"""

import os
import pwd
import subprocess
import sys
import tempfile
from pathlib import Path

MASTER = Path("/usr/lib/postfix/sbin/master")
MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = anchor.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_relay_restrictions = permit_mynetworks, reject
maillog_file = {folder}/maillog
maillog_file_prefixes = {folder}
in_flow_delay = 0
virtual_mailbox_domains = example.test
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = static:box/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
"""
SERVICES = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


def main() -> None:
    """Write the configuration and become the master process."""
    if not MASTER.exists() or os.geteuid():
        sys.exit("Postfix (Debian's package) and root are needed")
    port = sys.argv[1]
    folder = Path(tempfile.mkdtemp(prefix="anchor-", dir="/tmp"))
    folder.chmod(0o755)
    for name in ("etc", "spool", "data", "mail"):
        (folder / name).mkdir()
    nobody = pwd.getpwnam("nobody")
    os.chown(folder / "data", pwd.getpwnam("postfix").pw_uid, -1)
    os.chown(folder / "mail", nobody.pw_uid, -1)
    main_cf = MAIN.format(folder=folder, uid=nobody.pw_uid, gid=nobody.pw_gid)
    (folder / "etc" / "main.cf").write_text(main_cf)
    (folder / "etc" / "master.cf").write_text(SERVICES.format(port=port))
    (folder / "etc" / "dynamicmaps.cf").touch()
    check = ["/usr/sbin/postfix", "-c", f"{folder}/etc", "check"]
    subprocess.run(check, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.execv(MASTER, ["master", "-c", f"{folder}/etc", "-s"])  # noqa: S606


main()
