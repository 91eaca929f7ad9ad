"""Fresh keys, and what of them the world may see. The only place that makes any.

The signing key of our addresses is 32 random octets; the DKIM key is RSA with 2048 bits (RFC 8301,
3.2), the largest that every receiver must be able to verify.
"""

import base64
import secrets

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

_DKIM_BITS = 2048


def new_signing_key() -> str:
    """Return a fresh key for reply addresses, in hexadecimal digits."""
    return secrets.token_hex(32)


def new_dkim_key() -> bytes:
    """Return a fresh RSA private key in PEM (PKCS #8)."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_DKIM_BITS)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def dkim_public(private_pem: bytes) -> str:
    """Return the public half of a private key as the p= tag wants it (RFC 6376, 3.6.1)."""
    public = serialization.load_pem_private_key(private_pem, password=None).public_key()
    der = public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(der).decode("ascii")
