"""The two signatures of a webhook call, against vectors."""

import base64
import hashlib
import hmac

import pytest

from notifier.channels.webhook.signing import standard_headers, talkjs_headers

BODY = b'{"id":"evt_1","type":"message.sent","createdAt":1700000000000,"data":{}}'
AT = 1_700_000_000_000


def test_talkjs_signs_the_time_and_the_body() -> None:
    """TalkJS's clients find the signature and the time they expect."""
    headers = talkjs_headers("sk_test_rejoinder_example", AT, BODY)

    assert headers == {
        "X-TalkJS-Signature": "4B3381B6E6660705AC78C9A91E4432B5A0AE12D0036D1ED0BDFD85C28EBDF089",
        "X-TalkJS-Timestamp": "1700000000000",
    }


@pytest.mark.parametrize(
    ("secret", "key"),
    [
        pytest.param(
            "whsec_" + base64.b64encode(b"twenty-four random bytes").decode(),
            b"twenty-four random bytes",
            id="a secret of Standard Webhooks",
        ),
        pytest.param("sk_live_abc", b"sk_live_abc", id="any other secret is its characters"),
        pytest.param("whsec_not base64", b"whsec_not base64", id="also if it only looks like one"),
    ],
)
def test_standard_webhooks_sign_id_time_and_body(secret: str, key: bytes) -> None:
    """A library of Standard Webhooks, given the secret, finds the signature genuine."""
    headers = standard_headers(secret, "evt_1", AT, BODY)

    expected = hmac.new(key, b"evt_1.1700000000." + BODY, hashlib.sha256).digest()
    assert headers == {
        "webhook-id": "evt_1",
        "webhook-timestamp": "1700000000",
        "webhook-signature": "v1," + base64.b64encode(expected).decode(),
    }
