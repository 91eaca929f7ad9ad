"""What is said on the line to hand a parcel over? Pure.

MAIL, RCPT and DATA with only the extensions this mail needs and this peer offers, then the
content made transparent. A mail that cannot be said to this peer is refused here, in the
enhanced codes the peer itself would have used.

The trap: everything in an address reaches a command line. One that could end the line or the
angle brackets is never sent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.domain_name import as_dns
from core.outcome import Cause, Failed, PeerReply
from notifier.channels.email.parcel import MailParcel
from notifier.channels.email.smtp_client.dsn import mail_parameters, rcpt_parameters

_BARE_LINE_END = re.compile(rb"\r\n|\r|\n")
_HEADER_END = b"\r\n\r\n"

# RFC 5321, 4.1.2, with octets above ASCII for RFC 6531, 3.3.
_PATH = re.compile(
    rb"""(?: [^\x00-\x20\x7f"(),:;<>@\[\\\]]+              # dot-string, leniently
           | "(?: [^\x00-\x1f\x7f"\\] | \\[\x20-\x7e] )*"   # quoted-string
         )
         @ (?: [^\x00-\x20\x7f"(),:;<>@\[\\\]]+ | \[[0-9A-Za-z:.-]+\] )""",
    re.VERBOSE,
)

_BAD_ADDRESS = Failed(
    Cause.INVALID_RECIPIENT, PeerReply(0, "5.1.3", "not offered: the address is not valid")
)
_NO_SMTPUTF8 = Failed(
    Cause.INVALID_RECIPIENT,
    PeerReply(0, "5.6.7", "not offered: the address needs SMTPUTF8, which the relay has not"),
)
_NO_8BITMIME = Failed(
    Cause.CONTENT,
    PeerReply(0, "5.6.3", "not offered: 8-bit content, and the relay has no 8BITMIME"),
)


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What to say: the commands, the last of them DATA, then the content up to its final dot."""

    commands: tuple[bytes, bytes, bytes]
    content: bytes


def dialogue(
    parcel: MailParcel, extensions: Mapping[str, str], notify: str = ""
) -> Dialogue | Failed:
    """Return what to say to a peer with these extensions (lower case), or why it cannot be said.

    ``notify``: of what it is asked to report, if it offers that; empty: of nothing in particular.
    """
    from_path, to_path = _path(parcel.reverse_path), _path(parcel.recipient)
    if from_path is None or not to_path:
        return _BAD_ADDRESS
    content = transparent(parcel.raw)
    parameters = b""
    if "size" in extensions:  # RFC 1870, 5: the octets of the content, without its final dot
        parameters += b" SIZE=%d" % (len(content) - 3)
    if not parcel.raw.isascii():
        if "8bitmime" not in extensions:
            return _NO_8BITMIME  # RFC 6152, 3
        parameters += b" BODY=8BITMIME"
    if _needs_utf8(parcel, from_path, to_path):
        if "smtputf8" not in extensions:
            return _NO_SMTPUTF8  # RFC 6531, 3.2
        parameters += b" SMTPUTF8"
    rcpt = b"RCPT TO:<" + to_path + b">"
    if notify and "dsn" in extensions:
        parameters += mail_parameters(parcel.delivery_id)
        known = parcel.recipient if "smtputf8" in extensions else to_path.decode("ascii")
        rcpt += rcpt_parameters(known, notify)
    mail = b"MAIL FROM:<" + from_path + b">" + parameters
    return Dialogue((mail, rcpt, b"DATA"), content)


def transparent(raw: bytes) -> bytes:
    """Return content ready for the line: CRLF only, dots doubled, the final dot (RFC 5321, 4.5.2).

    A bare CR or LF is made whole: some peers take one for a line end, and a dot behind it for the
    end of the mail.
    """
    ends = raw.count(b"\r\n")
    if raw.count(b"\n") != ends or raw.count(b"\r") != ends:
        raw = _BARE_LINE_END.sub(b"\r\n", raw)
    if b"\r\n." in raw:
        raw = raw.replace(b"\r\n.", b"\r\n..")
    start = b"." if raw.startswith(b".") else b""
    return start + raw + (b".\r\n" if raw.endswith(b"\r\n") else b"\r\n.\r\n")


def _path(address: str) -> bytes | None:
    """Return an address as it stands between angle brackets, None if it cannot stand there.

    The domain goes in its ASCII form (RFC 5891), so that only a local part needs SMTPUTF8.
    """
    if not address:
        return b""  # the null reverse-path (RFC 5321, 4.5.5)
    if not address.isascii():
        local, _, domain = address.rpartition("@")
        try:
            address = address if domain.isascii() else f"{local}@{as_dns(domain)}"
        except ValueError:
            return None
    try:
        path = address.encode()
    except UnicodeEncodeError:
        return None
    return path if _PATH.fullmatch(path) else None


def _needs_utf8(parcel: MailParcel, from_path: bytes, to_path: bytes) -> bool:
    """Say whether the envelope or the header is written in more than ASCII (RFC 6531, 3.6)."""
    if not (from_path.isascii() and to_path.isascii()):
        return True
    return not (parcel.raw.isascii() or parcel.raw.partition(_HEADER_END)[0].isascii())
