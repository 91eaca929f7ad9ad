"""Signatures: verified by another implementation, broken by any change that matters."""

import base64

import dkim as verifier
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.channels.email.compose import compose
from notifier.channels.email.dkim import Key, Signer, load_key, sign
from tests.support.digests import NOON, a_digest, a_letter, a_message, render

RSA = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
ED25519 = ed25519.Ed25519PrivateKey.generate()
SIGNERS = (Signer("example.org", "s1", RSA), Signer("example.org", "s2", ED25519))
MAIL = compose(render(a_digest(a_message("a  b\tc \n\n\n"))), a_letter())


def _record(key: Key) -> str:
    """Return what is published of a key (RFC 6376, 3.6.1)."""
    if isinstance(key, rsa.RSAPrivateKey):
        der, spki = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        kind, public = "rsa", key.public_key().public_bytes(der, spki)
    else:
        kind, public = "ed25519", key.public_key().public_bytes_raw()
    return f"v=DKIM1; k={kind}; p={base64.b64encode(public).decode()}"


def _zone(name: bytes, timeout: int = 5) -> bytes | None:
    """Answer for the name server, as a zone file with our record would."""
    keys = {s.selector: s.key for s in SIGNERS}
    return _record(keys[name.decode().partition(".")[0]]).encode()


def _verified(raw: bytes, index: int = 0) -> bool:
    try:
        return bool(verifier.DKIM(raw).verify(index, dnsfunc=_zone))
    except verifier.DKIMException:
        return False


def _pem(key: Key | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


@pytest.mark.parametrize("signer", SIGNERS, ids=["rsa", "ed25519"])
@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(MAIL, id="a mail of ours"),
        pytest.param(b"From: a@x\r\n\r\n", id="no body"),
        pytest.param(b"From: a@x\r\n\r\n\r\n\r\n", id="a body of empty lines"),
        pytest.param(b"From: a@x\r\n\r\na", id="a body without an end"),
        pytest.param(b"From: a@x\r\n\r\n a  b \t\r\n\t\r\n\r\n", id="spaces and tabs"),
        pytest.param(b"from:a@x \t b\r\nTO:  c\r\n\t d\r\n\r\nx\r\n", id="untidy headers"),
        pytest.param(b"From: a@x\r\nTo: a\r\nTo: b\r\n\r\nx\r\n", id="a header twice"),
        pytest.param("From: bö@x\r\n\r\nx\r\n".encode(), id="octets beyond ASCII"),
    ],
)
def test_another_implementation_agrees(signer: Signer, raw: bytes) -> None:
    """What we sign, dkimpy verifies with the record we publish."""
    keys = {signer.selector: signer.key}
    record = _record(keys[signer.selector]).encode()

    signed = signer.sign(raw, NOON)

    assert signed.endswith(raw)
    assert verifier.DKIM(signed).verify(0, dnsfunc=lambda name, timeout=5: record)


@given(st.lists(st.sampled_from([b" ", b"\t", b"\n", b"a", b"\xc3", b"=", b"."])).map(b"".join))
@settings(deadline=None, max_examples=60)
def test_any_body_is_hashed_alike(body: bytes) -> None:
    """Both implementations see the same canonical body."""
    body = body.replace(b"\r", b"").replace(b"\n", b"\r\n") + b"\r\n"

    assert _verified(SIGNERS[1].sign(b"From: a@x\r\n\r\n" + body, NOON))


def test_two_signatures_on_one_mail() -> None:
    """Each of two signatures stands by itself (RFC 8463, 3)."""
    signed = sign(MAIL, SIGNERS, NOON)

    assert _verified(signed, 0)
    assert _verified(signed, 1)
    assert max(map(len, signed.partition(b"\r\nFrom:")[0].split(b"\r\n"))) <= 78


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b"Subject: Re: ", b"Subject: Fw: ", id="the subject"),
        pytest.param(b"One-Click", b"Two-Click", id="the one-click header"),
        pytest.param(b"From: ", b"From: eve@x\r\nFrom: ", id="a second From"),
        pytest.param(b"To: ", b"Cc: eve@x\r\nTo: ", id="a Cc"),
        pytest.param(b"Reply-To: ", b"Reply-To: eve@x\r\nReply-To: ", id="a second Reply-To"),
        pytest.param(b"a  b", b"a c", id="the body"),
    ],
)
def test_a_change_breaks_it(old: bytes, new: bytes) -> None:
    """A mail that was changed where it matters does not verify."""
    head, _, rest = SIGNERS[0].sign(MAIL, NOON).partition(b"\r\nFrom:")
    changed = head + (b"\r\nFrom:" + rest).replace(b"\r\n" + old, b"\r\n" + new, 1)
    changed = changed if changed != head + b"\r\nFrom:" + rest else changed.replace(old, new, 1)

    assert _verified(head + b"\r\nFrom:" + rest)
    assert not _verified(changed)


def test_relaxed_means_spaces_may_change() -> None:
    """A relay may fold anew and trim, and the signature holds (RFC 6376, 3.4)."""
    signed = SIGNERS[0].sign(MAIL, NOON)
    changed = signed.replace(b"Subject: Re:", b"SUBJECT:\r\n  Re:") + b"\r\n\r\n"

    assert _verified(changed)


def test_p5_37_everything_a_receiver_needs_is_signed() -> None:
    """The list holds both opt-out headers and names what must not be added once more."""
    listed = SIGNERS[0].sign(MAIL, NOON).split(b"h=")[1].split(b";")[0].replace(b"\r\n  ", b"")
    names = listed.decode().split(":")

    assert {"list-unsubscribe", "list-unsubscribe-post", "message-id", "date"} <= set(names)
    assert all(names.count(name) == 2 for name in ("from", "to", "subject", "date", "cc"))


def test_rsa_signs_the_same_way_twice() -> None:
    """The same mail at the same moment is the same octets."""
    assert SIGNERS[0].sign(MAIL, NOON) == SIGNERS[0].sign(MAIL, NOON)


@pytest.mark.parametrize("key", [RSA, ED25519], ids=["rsa", "ed25519"])
def test_a_key_is_loaded(key: Key) -> None:
    """A key survives its file."""
    assert _record(load_key(_pem(key))) == _record(key)


def test_a_key_that_must_not_sign() -> None:
    """A key of another kind is refused when it is loaded, not when a mail is due."""
    with pytest.raises(ValueError, match="DKIM"):
        load_key(_pem(ec.generate_private_key(ec.SECP256R1())))


def test_a_signer_hides_its_key() -> None:
    """The key is not shown in logs."""
    assert "key" not in repr(SIGNERS[0])
