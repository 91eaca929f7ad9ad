"""Which domains have signed this mail? DKIM (RFC 6376), verified by dkimpy within bounds of ours.

A signature is looked at only if it can count: its domain may speak for the author, it covers From
and the whole body, it is made with an algorithm that is still safe (RFC 8301), and it is not
shaped to make patterns slow. It must be among the first ten of these, before the third whose key
nobody answers for, and among the first hundred of all: whoever sends a mail on may put others
above, and must not choose by that which result it has. A signature with ``l=`` short of the body
proves nothing about what stands below, which is where an attacker would write.

What dkimpy does not do and is done here: the body's hash (``canonical``), bounds on the key (the
exponent of a key is its owner's choice, and ``pow`` holds the interpreter), and the demand that
From be signed (RFC 6376, 6.1.1).
"""

import base64
import binascii
import logging
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import dkim
from dkim.crypto import UnparsableKeyError, parse_public_key
from dkim.util import InvalidTagValueList, parse_tag_value

from gateway.authentication.canonical import CanonicalMail
from gateway.authentication.coverage import Addressed, Shortfall, shortfall
from gateway.authentication.domains import aligned
from gateway.authentication.resolver import Questions, RecordType, Silent, Unanswered

MOST = 10
_LOOKED_AT = 100
_MOST_SILENT = 3  # signatures whose key is waited for in vain; each may take seconds
_OCTETS = 4_096
_FIELDS = 150
_SLOW = re.compile(rb"[ \t\r\n]{48}|\n[ \t]*\r?\n")
_ALGORITHMS = {b"rsa-sha256", b"ed25519-sha256"}
_KEY_OCTETS = 2_048
_MODULUS_BITS, _EXPONENT_BITS = 4_096, 33
SILENT = logging.Logger("dkimpy")  # noqa: LOG001  reaches no handler: it logs what strangers write


@dataclass(frozen=True, slots=True)
class Signers:
    """The domains whose signature is good, and whether one of the others may yet be.

    ``shortfalls``: of those of them that prove no more than the author (``coverage``), why.
    """

    domains: tuple[str, ...] = ()
    unanswered: bool = False
    shortfalls: tuple[tuple[str, Shortfall], ...] = ()


@dataclass(slots=True)
class Bodies:
    """The hashes of one body, each made once."""

    mail: CanonicalMail
    made: dict[bool, tuple[bytes, int]] = field(default_factory=dict)

    def covered_by(self, tags: dict[bytes, bytes]) -> bool:
        """Whether a signature's body hash is right, and covers all of the body."""
        relaxed = tags.get(b"c", b"simple/simple").partition(b"/")[2] == b"relaxed"
        if relaxed not in self.made:
            self.made[relaxed] = self.mail.digest(relaxed=relaxed)
        digest, length = self.made[relaxed]
        if b"l" in tags and tags[b"l"] != str(length).encode():
            return False
        return base64.b64encode(digest) == re.sub(rb"\s+", b"", tags[b"bh"])


class OwnBody:
    """Lets dkimpy check the fields only; the body's hash is ours."""

    bodies: Bodies

    def verify_sig(
        self, sig: dict[bytes, bytes], include_headers: list[bytes], header: Any, dnsfunc: Any
    ) -> bool:
        """Verify one signature (dkimpy's own seam between reading and verifying)."""
        if b"bh" in sig:
            if b"from" not in include_headers or not self.bodies.covered_by(sig):
                return False
            sig = {name: value for name, value in sig.items() if name != b"bh"}
        return bool(super().verify_sig(sig, include_headers, header, dnsfunc))  # type: ignore[misc]


class _Signed(OwnBody, dkim.DKIM):  # type: ignore[misc]
    """A mail whose DKIM signatures are verified."""


def signers(
    mail: CanonicalMail, author: str, questions: Questions, addressed: Addressed | None = None
) -> Signers:
    """Return who of those that may speak for the author's domain have signed the mail.

    ``addressed``: to whom it came and when; None where nobody asks what a signature falls short of.
    """
    signed = _Signed(logger=SILENT)
    signed.headers = [list(one) for one in mail.fields]
    signed.bodies = Bodies(mail)
    good: dict[str, Shortfall | None] = {}
    unanswered, waited = False, 0
    # Of a domain that has signed twice, the signature that proves more counts.
    for index, domain, value in _candidates(mail, author):
        if domain in good and good[domain] is None:
            continue
        try:
            if signed.verify(index, lambda name, timeout=0: key(name, questions)):
                good[domain] = _lacks(mail, value, addressed)
        except Silent:
            unanswered = True
        except Unanswered:
            unanswered, waited = True, waited + 1
            if waited == _MOST_SILENT:
                break
        except Exception:  # noqa: BLE001, S112  whatever a strange signature makes dkimpy raise
            continue
    weak = tuple((domain, lack) for domain, lack in good.items() if lack is not None)
    return Signers(tuple(good), unanswered, weak)


def _candidates(mail: CanonicalMail, author: str) -> list[tuple[int, str, bytes]]:
    """Return the signatures that are looked at: which one it is, its domain, its value."""
    values = mail.named(b"dkim-signature")[:_LOOKED_AT]
    found = [(at, candidate(value, author), value) for at, value in enumerate(values)]
    return [(at, domain, value) for at, domain, value in found if domain is not None][:MOST]


def _lacks(mail: CanonicalMail, value: bytes, addressed: Addressed | None) -> Shortfall | None:
    tags = safe_tags(value)
    return shortfall(mail, tags, addressed) if tags and addressed else None


def candidate(value: bytes, author: str) -> str | None:
    """Return the domain of a signature that may count for the author, or None."""
    tags = safe_tags(value)
    if tags is None or tags.get(b"a") not in _ALGORITHMS:
        return None
    domain = tags.get(b"d", b"").decode("ascii", "replace").lower()
    return domain if domain and aligned(author, domain) else None


def safe_tags(value: bytes) -> dict[bytes, bytes] | None:
    """Return a signature's tags, or None if it is malformed or shaped to be slow."""
    if len(value) > _OCTETS or value.count(b":") > _FIELDS or _SLOW.search(value):
        return None
    try:
        tags: dict[bytes, bytes] = parse_tag_value(value)
    except InvalidTagValueList:
        return None
    return tags


def key(name: bytes, questions: Questions) -> bytes | None:
    """Return the record of a signing key, if it is one that may be used."""
    records = questions.ask(name.decode("ascii"), RecordType.TXT)
    return next((one.encode("latin-1") for one in records if "p=" in one and _usable(one)), None)


@lru_cache(1_024)
def _usable(record: str) -> bool:
    """Whether a key is of a size that verifying is cheap (RFC 8301, 3.2: 1024 to 4096 bits)."""
    if len(record) > _KEY_OCTETS:
        return False
    try:
        tags = parse_tag_value(record.encode("latin-1"))
        if tags.get(b"k", b"rsa") != b"rsa":
            return True
        numbers = parse_public_key(base64.b64decode(tags.get(b"p", b"")))
    except (InvalidTagValueList, UnparsableKeyError, binascii.Error, IndexError, TypeError):
        return False
    exponent, modulus = numbers["publicExponent"], numbers["modulus"]
    return bool(
        1 < exponent.bit_length() <= _EXPONENT_BITS and dkim.bitsize(modulus) <= _MODULUS_BITS
    )
