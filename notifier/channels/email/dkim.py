"""Is it really from us? The signature that lets a receiver know (RFC 6376).

relaxed/relaxed, rsa-sha256 or ed25519-sha256 (RFC 8463), over an explicit list of headers. From,
To, Subject, Date, Reply-To and Cc are listed once more than they occur, so that one added on the
way breaks the signature (8.15). List-Unsubscribe-Post is listed, or one-click would not count
(RFC 8058, 4). The private key is loaded once: loading costs a hundred signatures.

The trap: canonicalization is not parsing. What is hashed must follow from the octets alone.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_LISTED = (
    "from:from:to:to:subject:subject:date:date:message-id:in-reply-to:references:reply-to:reply-to:"
    "cc:cc:mime-version:content-type:content-transfer-encoding:list-id:list-unsubscribe:"
    "list-unsubscribe-post:auto-submitted:feedback-id"
)
SIGNED = tuple(_LISTED.split(":"))

Key = RSAPrivateKey | Ed25519PrivateKey

_RSA_LEAST = 1024  # RFC 8301, 3.2
_B_LINE = 72


def _folded(words: Sequence[str], separator: str) -> str:
    lines: list[str] = [""]
    for word in words:
        if len(lines[-1]) + len(word) > _B_LINE:
            lines.append("")
        lines[-1] += word + separator
    return "\r\n  ".join(lines).removesuffix(separator)


_LIST = _folded(SIGNED, ":")


@dataclass(frozen=True, slots=True)
class Signer:
    """A domain's key under its selector, ready to sign."""

    domain: str
    selector: str
    key: Key = field(repr=False)

    def sign(self, raw: bytes, moment: int) -> bytes:
        """Return the mail with this signature before it."""
        headers, _, body = raw.partition(b"\r\n\r\n")
        return self.signature(_fields(headers), _body_hash(body), moment) + raw

    def signature(self, fields: Sequence[tuple[bytes, bytes]], body: bytes, moment: int) -> bytes:
        """Return the DKIM-Signature header over canonical fields and a body's hash."""
        algorithm = "rsa-sha256" if isinstance(self.key, RSAPrivateKey) else "ed25519-sha256"
        unsigned = (
            f"DKIM-Signature: v=1; a={algorithm}; c=relaxed/relaxed; d={self.domain};\r\n"
            f" s={self.selector}; t={moment // 1000};\r\n"
            f" h={_LIST};\r\n"
            f" bh={base64.b64encode(body).decode('ascii')};\r\n"
            f" b="
        ).encode("ascii")
        name, value = _canonical(unsigned)
        signature = self._signed(b"".join((*_selected(fields), name, b":", value)))
        return unsigned + b"\r\n ".join(_cut(base64.b64encode(signature))) + b"\r\n"

    def _signed(self, octets: bytes) -> bytes:
        if isinstance(self.key, RSAPrivateKey):
            return self.key.sign(octets, PKCS1v15(), hashes.SHA256())
        return self.key.sign(hashlib.sha256(octets).digest())  # RFC 8463, 3


def sign(raw: bytes, signers: Iterable[Signer], moment: int) -> bytes:
    """Return the mail with a signature of each signer: RSA for all, Ed25519 for those who know."""
    headers, _, body = raw.partition(b"\r\n\r\n")
    fields, hashed = _fields(headers), _body_hash(body)
    signatures = [signer.signature(fields, hashed, moment) for signer in signers]
    return b"".join((*signatures, raw))


def load_key(pem: bytes) -> Key:
    """Return a private key from its PEM octets, if it is one that may sign mail."""
    key = serialization.load_pem_private_key(pem, password=None)
    if isinstance(key, Ed25519PrivateKey):
        return key
    if isinstance(key, RSAPrivateKey) and key.key_size >= _RSA_LEAST:
        return key
    raise ValueError("a DKIM key is RSA of at least 1024 bits (better 2048) or Ed25519")


def _fields(headers: bytes) -> list[tuple[bytes, bytes]]:
    """Return the headers in canonical form (3.4.2), in their order."""
    unfolded = headers.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ")
    return [_canonical(line) for line in unfolded.split(b"\r\n")]


def _canonical(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    value = _single_spaced(value.replace(b"\r\n", b""))
    return name.lower().rstrip(b" \t"), value.strip(b" ")


def _single_spaced(octets: bytes) -> bytes:
    """Return octets with one space for each run of spaces and tabs: halved until none is left."""
    octets = octets.replace(b"\t", b" ")
    while b"  " in octets:
        octets = octets.replace(b"  ", b" ")
    return octets


def _selected(fields: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
    """Return the signed headers: the last of a name first; one that is missing is empty (5.4.2)."""
    waiting: dict[str, list[bytes]] = {}
    for name, value in fields:
        waiting.setdefault(name.decode("latin-1"), []).append(value)
    chosen = ((name, waiting.get(name)) for name in SIGNED)
    return [b"%b:%b\r\n" % (name.encode(), values.pop()) for name, values in chosen if values]


def _body_hash(body: bytes) -> bytes:
    """Return the hash of the body in canonical form (3.4.4)."""
    stripped = _single_spaced(body + b"\r\n").replace(b" \r\n", b"\r\n").rstrip(b"\r\n")
    return hashlib.sha256(stripped + b"\r\n" if stripped else b"").digest()


def _cut(encoded: bytes) -> list[bytes]:
    return [encoded[at : at + _B_LINE] for at in range(0, len(encoded), _B_LINE)]
