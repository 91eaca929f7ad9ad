"""A digest on its way through a mail server: what its receiver sees, and what comes back."""

import email
import email.policy
import re
from email.message import EmailMessage

import dkim
import dns.rdatatype
import dns.zone

from tests.peers.awaiting import until
from tests.peers.letters import WORDS, a_reply, offer
from tests.peers.mailbox import Mailbox
from tests.peers.rounds import Found
from tests.peers.served import Served

# What a receiver must be able to trust, beside From (RFC 8058, 4 asks it of the last two).
_COVERED = {"from", "to", "subject", "reply-to", "message-id", "list-id"}
_COVERED |= {"list-unsubscribe", "list-unsubscribe-post"}


def a_digest_to_bo(gateway: Served, relay: Mailbox) -> bytes:
    """Let Bo and Cleo miss a message, and return what Bo gets."""
    said = [{"type": "UserMessage", "sender": "ann", "text": "Is the bike still there?"}]
    gateway.api("POST", "/conversations/bike/messages", said)
    return relay.gets("bo")


def is_good(found: Found, octets: bytes, zone: str) -> None:
    """Look at a digest as its receiver does, who has what ``init`` printed in DNS."""
    mail = read(octets)
    signed = dkim.verify(octets, dnsfunc=_dns(zone))
    found.holds("its DKIM signature is good, by the record init printed", signed)
    covered = set(re.sub(r"\s", "", str(mail["DKIM-Signature"]).partition("h=")[2]).lower()
                  .partition(";")[0].split(":"))  # fmt: skip
    found.holds("and covers what matters", covered >= _COVERED, _COVERED - covered)
    post = mail["List-Unsubscribe-Post"]
    one_click = post == "List-Unsubscribe=One-Click" and "<http" in mail["List-Unsubscribe"]
    found.holds("List-Unsubscribe is there, with one click", one_click, post)


def its_reply_arrives(found: Found, gateway: Served, relay: Mailbox, octets: bytes) -> None:
    """Answer a digest, quoting it, by the server it came from."""
    mail = read(octets)
    to = [mail["Reply-To"].addresses[0].addr_spec]
    text = mail.get_body(("plain",))
    assert text is not None
    offer(relay.port, to, a_reply(to, text.get_content(), In_Reply_To=mail["Message-ID"]))
    words = gateway.hears("bike")
    found.holds("the reply to it is posted without its quote", words == f"bo: {WORDS}", words)


def cleos_bounce_is_understood(found: Found, gateway: Served) -> None:
    """Wait until what became of Cleo's digest is known."""

    def cleos() -> str:
        queue = gateway.admin.get("/admin/queue", params={"all": "true"}).json()["deliveries"]
        return next((one["state"] for one in queue if one["address"].startswith("cleo@")), "")

    until(lambda: cleos() == "bounced", "Cleo's delivery has bounced")
    found.holds("the bounce of Cleo's mail settles her delivery", True)


def read(octets: bytes) -> EmailMessage:
    """Return a mail to be looked at."""
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
