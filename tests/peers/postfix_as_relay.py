"""Postfix as the relay: a digest leaves by it, signed; the reply and the bounce come back by it."""

import os
import pwd
import subprocess

from tests.peers.digests import (
    a_digest_to_bo,
    cleos_bounce_is_understood,
    is_good,
    its_reply_arrives,
    read,
)
from tests.peers.lines import flags, lines
from tests.peers.packages import program
from tests.peers.postfix import postfix
from tests.peers.postfix_in_front import PAGE, our_side
from tests.peers.processes import free_port
from tests.peers.rounds import Found, Round
from tests.peers.served import served
from tests.support.certificates import Authority

_MAIN = """
smtpd_tls_cert_file = {folder}/localhost.pem
smtpd_tls_key_file = {folder}/localhost.pem
smtpd_sasl_local_domain = mail.example.org
"""
_SUBMISSION = """
127.0.0.1:{port} inet n - n - - smtpd
    -o smtpd_tls_security_level=encrypt
    -o smtpd_sasl_auth_enable=yes
    -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
    -o smtpd_reject_unlisted_recipient=no
"""
_SASL = """
pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: {folder}/users
mech_list: PLAIN LOGIN
"""


def out_and_back(found: Found) -> None:
    """Submission with STARTTLS and AUTH; Bo answers the mail he got, Cleo's cannot be delivered."""
    authority = Authority(found.folder)
    authority.server("localhost")
    trusted = found.folder / "authority.pem"
    trusted.write_text(authority.pem)
    port = free_port()
    relay = lines(PAGE, "# rejoinder.toml, out", relay_host="localhost", relay_port=str(port))
    words = [*our_side(found), *flags(relay)]
    with served(found.folder / "gateway", *words, SSL_CERT_FILE=str(trusted)) as gateway:
        _users(found)
        main = lines(PAGE, "# main.cf, by SMTP", smtp_port=str(gateway.port("smtp")))
        master = lines(PAGE, "# master.cf, by SMTP") + _SUBMISSION.format(port=port)
        main += _MAIN.format(folder=found.folder)
        with postfix(found.folder / "postfix", main, master) as relayed:
            octets = a_digest_to_bo(gateway, relayed)
            by = " ".join(read(octets)["Received"].split())
            found.holds("the digest came by STARTTLS and AUTH", "with ESMTPSA" in by, by)
            is_good(found, octets, gateway.zone)
            its_reply_arrives(found, gateway, relayed, octets)
            cleos_bounce_is_understood(found, gateway)


def _users(found: Found) -> None:
    """Let Postfix know the user that the page names."""
    folder = found.folder / "postfix" / "etc" / "sasl"  # where Debian's looks, beside main.cf
    folder.mkdir(parents=True)
    (folder / "smtpd.conf").write_text(_SASL.format(folder=folder))
    tool = program("saslpasswd2", "sasl2-bin", found.larder)
    words = ["-p", "-c", "-f", str(folder / "users"), "-u", "mail.example.org", "rejoinder"]
    subprocess.run(
        [str(tool.path), *words], input="secret", text=True, check=True, env=tool.environment
    )
    os.chown(folder / "users", pwd.getpwnam("postfix").pw_uid, -1)


ROUNDS = (Round("Postfix", "relay: out with AUTH, and back", out_and_back),)
