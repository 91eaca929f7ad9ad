"""How does an app know that a call is ours? By two signatures over the same octets. Pure.

TalkJS's, which existing clients check, and Standard Webhooks', which libraries in many languages
check. Both are HMAC-SHA256 with the app's secret, over the time and the exact body.
"""

import base64
import binascii
import hmac

from core.moment import SECOND, Moment

_STANDARD_PREFIX = "whsec_"


def talkjs_headers(secret: str, timestamp: Moment, body: bytes) -> dict[str, str]:
    """Return TalkJS's headers: hexadecimal, upper case, over ``timestamp.body``."""
    signed = b"%d.%s" % (timestamp, body)
    digest = hmac.digest(secret.encode(), signed, "sha256")
    return {
        "X-TalkJS-Signature": digest.hex().upper(),
        "X-TalkJS-Timestamp": str(timestamp),
    }


def standard_headers(secret: str, event_id: str, timestamp: Moment, body: bytes) -> dict[str, str]:
    """Return Standard Webhooks' headers: version 1, base64, over ``id.seconds.body``."""
    seconds = timestamp // SECOND
    signed = b"%s.%d.%s" % (event_id.encode(), seconds, body)
    digest = hmac.digest(_standard_key(secret), signed, "sha256")
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def _standard_key(secret: str) -> bytes:
    """Return the octets of a secret: what follows ``whsec_`` in base64, else its characters."""
    if secret.startswith(_STANDARD_PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(_STANDARD_PREFIX), validate=True)
        except binascii.Error:
            pass  # a secret that only looks like one
    return secret.encode()
