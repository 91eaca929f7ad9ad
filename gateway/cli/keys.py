"""Fresh keys, and what of them the world may see. The only place that makes any.

The signing key of our addresses is 32 random octets; the DKIM key is RSA with 2048 bits (RFC 8301,
3.2), the largest that every receiver must be able to verify.
"""

import base64
import secrets

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from core.config.settings import Settings
from core.errors import SettingsError
from gateway.cli.dns import PublicKey

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


def public_key(selector: str, private_pem: bytes) -> PublicKey:
    """Return the public half of a private key as it is published. Raise ValueError if it is none.

    The p= tag holds an RSA key's SubjectPublicKeyInfo (RFC 6376, 3.6.1) and the 32 octets of an
    Ed25519 key alone (RFC 8463, 4.2).
    """
    public = serialization.load_pem_private_key(private_pem, password=None).public_key()
    match public:
        case ed25519.Ed25519PublicKey():
            return PublicKey(selector, "ed25519", _base64(public.public_bytes_raw()))
        case rsa.RSAPublicKey():
            der = public.public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            return PublicKey(selector, "rsa", _base64(der))
        case _:
            raise ValueError("neither an RSA nor an Ed25519 key")


def public_keys(settings: Settings) -> list[PublicKey]:
    """Return the public halves of the keys that sign. Raise SettingsError for what is no key."""
    signing = settings.dkim.keys()
    try:
        return [public_key(selector, pem) for selector, pem in signing]
    except (ValueError, TypeError) as error:
        raise SettingsError(f"dkim: {error}") from None


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")
