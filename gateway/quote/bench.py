"""The adapter a measuring harness calls: raw octets in, the reply's text out."""

import email
from collections.abc import Mapping

from gateway.mail.body import Body, read_body
from gateway.quote.extract import extract as extract_reply
from gateway.quote.sent import sent_from


def extract(raw: bytes, sent: Mapping[str, str] | None = None) -> str:
    """Return the reply in a raw mail; ``sent`` is what was sent to its author, if known."""
    try:
        body = read_body(email.message_from_bytes(raw))
    except RecursionError:
        # The stdlib's parser recurses on nested multiparts; a guard refuses them in earnest.
        body = Body(text=raw[:100_000].decode("utf-8", "replace"))
    return extract_reply(body, *([sent_from(sent)] if sent else [])).text
