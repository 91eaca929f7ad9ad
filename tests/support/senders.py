"""A world of mail in which nothing is asked of the real DNS: zones, keys, and signed mails."""

import base64
import hashlib
import time
from collections.abc import Mapping
from functools import cache

import dkim
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from dkim.canonicalization import Relaxed

from gateway.authentication.resolver import RecordType, Unanswered

SELECTOR = b"sel"
FIELDS = [b"from", b"to", b"subject", b"date", b"message-id"]
SEALED_FIELDS = [*FIELDS, b"content-type"]
DOWN = ("down",)


class Zones:
    """A resolver that knows what it is told, and remembers what it was asked.

    A record is ``(name, kind): (text, ...)``; the records ``DOWN`` are those of a server that
    does not answer.
    """

    def __init__(self, records: Mapping[tuple[str, RecordType], tuple[str, ...]]) -> None:
        """Know these records and no others."""
        self.records = records
        self.asked: list[tuple[str, RecordType]] = []

    def ask(self, name: str, kind: RecordType, seconds: float) -> tuple[str, ...]:
        """Return what is known."""
        self.asked.append((name, kind))
        known = self.records.get((name, kind), ())
        if known == DOWN:
            raise Unanswered
        return known


def texts(
    records: Mapping[str, str | tuple[str, ...]],
) -> dict[tuple[str, RecordType], tuple[str, ...]]:
    """Return TXT records by name."""
    return {
        (name, RecordType.TXT): (one,) if isinstance(one, str) else one
        for name, one in records.items()
    }


@cache
def rsa_key(bits: int = 2048, name: str = "") -> tuple[bytes, str]:
    """Return a private key as PEM and its DNS record; the same for the same name."""
    private = rsa.generate_private_key(65537, bits)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    public = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return pem, f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


@cache
def ed25519_key() -> tuple[bytes, str]:
    """Return an Ed25519 private key as dkimpy wants it, and its DNS record (RFC 8463)."""
    private = ed25519.Ed25519PrivateKey.generate()
    seed = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    record = f"v=DKIM1; k=ed25519; p={base64.b64encode(public).decode()}"
    return base64.b64encode(seed), record


def a_letter(author: str = "bo@example.org", body: str = "Yes, please.\r\n") -> bytes:
    """Return a plain mail."""
    return (
        f"From: Bo <{author}>\r\nTo: r+abc@reply.example.net\r\nSubject: Re: Order 1\r\n"
        "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\nMessage-ID: <1@example.org>\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{body}"
    ).encode()


def signed(
    raw: bytes,
    domain: str = "example.org",
    *,
    fields: list[bytes] | None = None,
    length: bool = False,
    canonicalize: tuple[bytes, bytes] = (b"relaxed", b"relaxed"),
) -> bytes:
    """Return a mail with an RSA signature by a domain on top."""
    signer = dkim.DKIM(raw)
    signature: bytes = signer.sign(
        SELECTOR, domain.encode(), rsa_key()[0], canonicalize=canonicalize,
        include_headers=fields or FIELDS, length=length,
    )  # fmt: skip
    return signature + raw


def signed_ed25519(raw: bytes, domain: str = "example.org") -> bytes:
    """Return a mail with an Ed25519 signature by a domain on top."""
    signer = dkim.DKIM(raw, signature_algorithm=b"ed25519-sha256")
    signature: bytes = signer.sign(
        SELECTOR, domain.encode(), ed25519_key()[0], include_headers=FIELDS
    )
    return signature + raw


def sealed(raw: bytes, sealer: str, results: str, *, fields: list[bytes] | None = None) -> bytes:
    """Return a mail that a forwarder has sealed, reporting these results of it."""
    seen = f"Authentication-Results: {sealer}; {results}\r\n".encode() + raw
    lines = dkim.arc_sign(
        seen, SELECTOR, sealer.encode(), rsa_key()[0], sealer.encode(),
        include_headers=fields or SEALED_FIELDS, timestamp=int(time.time()),
    )  # fmt: skip
    return b"".join(lines) + raw


def signed_by_hand(raw: bytes, *, key: bytes | None = None, **tags: str) -> bytes:
    """Return a mail with a signature that has any tags one likes (RFC 6376, 3.7)."""
    head, _, body = raw.partition(b"\r\n\r\n")
    digest = base64.b64encode(hashlib.sha256(Relaxed.canonicalize_body(body)).digest()).decode()
    said = {
        "v": "1", "a": "rsa-sha256", "c": "relaxed/relaxed", "d": "example.org", "s": "sel",
        "h": "from:to:subject", "bh": digest,
    } | tags  # fmt: skip
    fields = {line.partition(b":")[0].lower(): line for line in head.split(b"\r\n")}
    value = "; ".join(f"{name}={tag}" for name, tag in said.items()) + "; b="
    lines = [fields[name.encode()] for name in said["h"].split(":") if name.encode() in fields]
    pairs = [(line.partition(b":")[0], line.partition(b":")[2] + b"\r\n") for line in lines]
    pairs.append((b"dkim-signature", value.encode()))
    hashed = b"".join(b":".join(one) for one in Relaxed.canonicalize_headers(pairs))[:-2]
    algorithm = hashes.SHA1() if said["a"] == "rsa-sha1" else hashes.SHA256()  # noqa: S303
    private = load_pem_private_key(key or rsa_key()[0], None)
    assert isinstance(private, rsa.RSAPrivateKey)
    signature = base64.b64encode(private.sign(hashed, padding.PKCS1v15(), algorithm))
    return b"DKIM-Signature: " + value.encode() + signature + b"\r\n" + raw


def key_record(modulus: int, exponent: int) -> str:
    """Return the DNS record of an RSA key of these numbers, whatever they are."""

    def der(tag: int, content: bytes) -> bytes:
        size = len(content)
        if size < 128:
            return bytes([tag, size]) + content
        octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
        return bytes([tag, 0x80 | len(octets)]) + octets + content

    def integer(number: int) -> bytes:
        return der(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))

    key = der(0x30, integer(modulus) + integer(exponent))
    return "v=DKIM1; p=" + base64.b64encode(key).decode()
