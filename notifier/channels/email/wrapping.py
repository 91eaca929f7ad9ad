"""How does a mail for the operator reach them? Whole, as an attachment of a mail of ours.

Not redirected as it is, with Resent-From above (RFC 5322, 3.6.6): its From would be a stranger's
and the sending server ours, so that DMARC fails wherever their domain signs nothing, which is what
most mail to abuse@ is like; and many relays take our own From only. Wrapped, it is signed by us,
and the operator has the evidence octet for octet, trace headers and all.

A message/rfc822 part may be in no encoding (RFC 2046, 5.2.1), so a mail with 8-bit octets or with
lines that are too long travels as a file. ``Auto-Submitted`` and our own mark end a loop: the
gateway passes on nothing that has either.
"""

import hashlib
import re

from core.address import Purpose, Token
from core.email_address import is_mailbox
from core.ids import NO_APP_NUMBER
from core.model.delivery import Delivery
from core.model.receipt import Receipt
from core.moment import Moment
from notifier.channels.email.compose import HARD, base64_lines, text_part
from notifier.channels.email.folding import Mailbox, address_header, fold, safe_token, text_header
from notifier.channels.email.headers import date
from notifier.rendering.identity import Identity

_UNSAFE = re.compile(rb"[\x00\x80-\xff]")
_FIXED = (
    "Auto-Submitted: auto-generated\r\n"
    "X-Auto-Response-Suppress: All\r\n"
    "X-Rejoinder-Reason: operator\r\n"
    "MIME-Version: 1.0\r\n"
)


def reverse_path_of(delivery: Delivery, identity: Identity) -> str:
    """Return where it is told that the operator could not be reached."""
    token = Token(Purpose.BOUNCE, NO_APP_NUMBER, delivery.reference)
    return identity.address(Purpose.BOUNCE, token)


def wrap(
    raw: bytes, receipt: Receipt, delivery: Delivery, identity: Identity, now: Moment
) -> bytes:
    """Return the mail that brings a mail, unsigned. ``raw`` are the octets that came."""
    parts = text_part(_words(receipt)), _attached(raw)
    boundary = _boundary(delivery.message_id, raw).encode()
    head = (
        f"{_headers(receipt, delivery, identity, now)}"
        f'Content-Type: multipart/mixed;\r\n boundary="{boundary.decode()}"\r\n'
        "\r\n"
    ).encode()
    return b"%b--%b\r\n%b\r\n--%b\r\n%b\r\n--%b--\r\n" % (
        head, boundary, parts[0], boundary, parts[1], boundary,
    )  # fmt: skip


def _headers(receipt: Receipt, delivery: Delivery, identity: Identity, now: Moment) -> str:
    known = receipt.evidence or {}
    author, subject = str(known.get("author") or ""), str(known.get("subject") or "")
    # Whoever answers answers the author, not a robot of their own.
    reply_to = address_header("Reply-To", Mailbox("", author)) if is_mailbox(author) else ""
    told = f"[{receipt.recipient.partition('@')[0].lower()}] {subject}".rstrip()
    return "".join(
        (
            address_header(
                "From", Mailbox(identity.from_name or "Rejoinder", identity.from_address)
            ),
            reply_to,
            address_header("To", Mailbox("", delivery.address)),
            text_header("Subject", told),
            f"Date: {date(now)}\r\n",
            fold("Message-ID", [f"<{safe_token(delivery.message_id.strip('<>'))}>"]),
            _FIXED,
        )
    )


def _words(receipt: Receipt) -> str:
    """Return what stands above the attachment. The operator's tools speak English too."""
    sender = receipt.reverse_path or "nobody (an empty reverse-path)"
    return (
        f"This mail came to {receipt.recipient} from {sender}. It is attached as it came, and "
        f"kept:\n\n    rejoinder mail show --operator {receipt.id}\n"
    )


def _attached(raw: bytes) -> bytes:
    """Return the part that holds the mail: as a mail where that is allowed, else as a file."""
    if _UNSAFE.search(raw) or max(map(len, raw.split(b"\r\n"))) > HARD:
        head = (
            b'Content-Type: application/octet-stream; name="mail.eml"\r\n'
            b"Content-Transfer-Encoding: base64\r\n"
            b'Content-Disposition: attachment; filename="mail.eml"\r\n\r\n'
        )
        return head + base64_lines(raw)
    head = (
        b"Content-Type: message/rfc822\r\n"
        b'Content-Disposition: attachment; filename="mail.eml"\r\n\r\n'
    )
    return head + raw


def _boundary(message_id: str, raw: bytes) -> str:
    """Return a delimiter that does not occur in the mail (RFC 2046, 5.1.1)."""
    seed = hashlib.sha256(message_id.encode())
    while (boundary := f"=_rjo_{seed.hexdigest()[:32]}").encode() in raw:
        seed.update(b"again")
    return boundary
