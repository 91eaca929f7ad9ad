"""Which reports do we ask a relay for that offers DSN (RFC 3461)?

Of the mail only its headers come back (RET), and the delivery's id (ENVID). The reverse-path names
the delivery already, so nothing hangs on either: they are for who reads a report.

The trap: every octet of an address that is no plain sign is written as xtext (RFC 3461, 4), or it
would end the parameter; an address beyond ASCII has a type of its own (RFC 6533, 3).
"""

import re

_PLAIN = re.compile(rb"[!-*,-<>-~]+")
_LONGEST_ENVID = 100  # RFC 3461, 4.4


def mail_parameters(delivery_id: str) -> bytes:
    """Return what MAIL says."""
    envid = xtext(delivery_id.encode()[:_LONGEST_ENVID])
    return b" RET=HDRS" + (b" ENVID=" + envid if envid else b"")


def rcpt_parameters(recipient: str, notify: str) -> bytes:
    """Return what RCPT says: of what to tell, and whom we meant, as we know the address."""
    if recipient.isascii():
        return f" NOTIFY={notify} ORCPT=rfc822;".encode() + xtext(recipient.encode())
    return f" NOTIFY={notify} ORCPT=utf-8;".encode() + _unitext(recipient)


def xtext(octets: bytes) -> bytes:
    """Return octets as xtext: all but plain signs as ``+`` and two digits."""
    return b"".join(
        bytes([one]) if _PLAIN.fullmatch(bytes([one])) else b"+%02X" % one for one in octets
    )


def _unitext(address: str) -> bytes:
    """Return an address as utf-8-addr-unitext: as it is, but for the signs that mean something."""
    return "".join(one if _stands(one) else f"\\x{{{ord(one):02X}}}" for one in address).encode()


def _stands(sign: str) -> bool:
    return ord(sign) > 0x7F or (sign != "\\" and _PLAIN.fullmatch(sign.encode()) is not None)
