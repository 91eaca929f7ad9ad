"""Fresh keys are long enough, new each time, and fit together."""

import base64

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_private_key

from gateway.cli.keys import dkim_public, new_dkim_key, new_signing_key


def test_signing_keys_are_32_octets_and_new() -> None:
    """No two installations share a key."""
    first, second = new_signing_key(), new_signing_key()

    assert len(bytes.fromhex(first)) == 32
    assert first != second


def test_the_published_key_verifies_what_the_private_one_signs() -> None:
    """The p= tag holds the public half of the very key that signs, RSA with 2048 bits."""
    private = new_dkim_key()

    published = load_der_public_key(base64.b64decode(dkim_public(private)))

    assert isinstance(published, rsa.RSAPublicKey)
    assert published.key_size == 2048
    own = load_pem_private_key(private, password=None)
    assert published == own.public_key()
