"""Postfix as the relay: a digest leaves by it, signed; the reply and the bounce come back by it."""

import email
import email.policy
import os
import pwd
import re
import subprocess
from email.message import EmailMessage

import dkim
import dns.rdatatype
import dns.zone

from tests.peers.awaiting import until
from tests.peers.letters import WORDS, a_reply, offer
from tests.peers.lines import flags, lines
from tests.peers.mailbox import Mailbox
from tests.peers.packages import program
from tests.peers.postfix import postfix
from tests.peers.postfix_in_front import PAGE, our_side
from tests.peers.processes import free_port
from tests.peers.rounds import Found, Round
from tests.peers.served import Served, served
from tests.support.certificates import Authority

_TEXT = "Is the bike still there?"
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
# What a receiver must be able to trust, beside From (RFC 8058, 4 asks it of the last two).
_COVERED = {"from", "to", "subject", "reply-to", "message-id", "list-id"}
_COVERED |= {"list-unsubscribe", "list-unsubscribe-post"}


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
            said = [{"type": "UserMessage", "sender": "ann", "text": _TEXT}]
            gateway.api("POST", "/conversations/bike/messages", said)
            octets = relayed.gets("bo")
            _is_a_good_digest(found, octets, gateway.zone)
            _the_reply_arrives(found, gateway, relayed, octets)
            _the_bounce_is_understood(found, gateway, relayed)


def _users(found: Found) -> None:
    """Let Postfix know the user that the page names."""
    folder = found.folder / "postfix" / "etc" / "sasl"  # where Debian's looks, beside main.cf
    folder.mkdir(parents=True)
    (folder / "smtpd.conf").write_text(_SASL.format(folder=folder))
    tool = program("saslpasswd2", "sasl2-bin", found.larder)
    words = ["-p", "-c", "-f", folder / "users", "-u", "mail.example.org", "rejoinder"]
    subprocess.run([tool.path, *words], input="secret", text=True, check=True, env=tool.environment)
    os.chown(folder / "users", pwd.getpwnam("postfix").pw_uid, -1)


def _is_a_good_digest(found: Found, octets: bytes, zone: str) -> None:
    mail = _read(octets)
    by = " ".join(str(mail["Received"]).split())
    found.holds("the digest came by STARTTLS and AUTH", "with ESMTPSA" in by, by)
    signed = dkim.verify(octets, dnsfunc=_dns(zone))
    found.holds("its DKIM signature is good, by the record init printed", signed)
    covered = set(re.sub(r"\s", "", str(mail["DKIM-Signature"]).partition("h=")[2]).lower()
                  .partition(";")[0].split(":"))  # fmt: skip
    found.holds("and covers what matters", covered >= _COVERED, _COVERED - covered)
    post = mail["List-Unsubscribe-Post"]
    one_click = post == "List-Unsubscribe=One-Click" and "<http" in mail["List-Unsubscribe"]
    found.holds("List-Unsubscribe is there, with one click", one_click, post)


def _the_reply_arrives(found: Found, gateway: Served, relayed: Mailbox, octets: bytes) -> None:
    mail = _read(octets)
    to = [mail["Reply-To"].addresses[0].addr_spec]
    text = mail.get_body(("plain",))
    assert text is not None
    offer(relayed.port, to, a_reply(to, text.get_content(), In_Reply_To=mail["Message-ID"]))
    words = gateway.hears("bike")
    found.holds("the reply to it is posted without its quote", words == f"bo: {WORDS}", words)


def _the_bounce_is_understood(found: Found, gateway: Served, relayed: Mailbox) -> None:
    relayed.logs("to=<cleo@example.net>", "status=bounced")

    def cleos() -> str:
        queue = gateway.admin.get("/admin/queue", params={"all": "true"}).json()["deliveries"]
        return next((one["state"] for one in queue if one["address"].startswith("cleo@")), "")

    until(lambda: cleos() == "bounced", "Cleo's delivery has bounced")
    found.holds("Postfix's bounce of Cleo's mail settles her delivery", True)


def _read(octets: bytes) -> EmailMessage:
    read = email.message_from_bytes(octets, policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    return read


def _dns(said: str) -> object:
    """Return a resolver of the records that ``init`` printed, as dkimpy asks one."""
    records = [line for line in said.splitlines() if " IN " in line and not line.startswith(";")]
    text = "$TTL 60\n" + "\n".join(records)
    zone = dns.zone.from_text(text, origin=".", relativize=False, check_origin=False)

    def ask(name: bytes, timeout: int = 5) -> bytes | None:
        found = zone.get_rdataset(name.decode(), dns.rdatatype.TXT)
        return b"".join(found[0].strings) if found else None

    return ask


ROUNDS = (Round("Postfix", "relay: out with AUTH, and back", out_and_back),)
