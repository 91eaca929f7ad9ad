"""Fresh keys are long enough, new each time, and fit together."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_public_key,
    load_pem_private_key,
)

from gateway.cli.keys import new_dkim_key, new_signing_key, public_key


def test_signing_keys_are_32_octets_and_new() -> None:
    """No two installations share a key."""
    first, second = new_signing_key(), new_signing_key()

    assert len(bytes.fromhex(first)) == 32
    assert first != second


def test_the_published_key_verifies_what_the_private_one_signs() -> None:
    """The p= tag holds the public half of the very key that signs, RSA with 2048 bits."""
    private = new_dkim_key()

    told = public_key("s1", private)
    published = load_der_public_key(base64.b64decode(told.value))

    assert told.kind == "rsa"
    assert isinstance(published, rsa.RSAPublicKey)
    assert published.key_size == 2048
    own = load_pem_private_key(private, password=None)
    assert published == own.public_key()


def test_an_ed25519_key_is_published_as_its_32_octets() -> None:
    """RFC 8463, 4.2: nothing is wrapped around them."""
    private = ed25519.Ed25519PrivateKey.generate()

    told = public_key(
        "s2", private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )

    assert told.kind == "ed25519"
    assert base64.b64decode(told.value) == private.public_key().public_bytes_raw()


def test_a_key_that_cannot_sign_mail_is_refused() -> None:
    """A record of a kind that no receiver knows would be worse than none."""
    other = ec.generate_private_key(ec.SECP256R1())

    with pytest.raises(ValueError, match="neither"):
        public_key("s1", other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
