"""A mail is written once: what may have left is made again, octet for octet."""

from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.model.delivery import Delivery
from notifier.channels.email.dkim import Signer
from notifier.channels.email.write import MailWriter
from notifier.rendering.view import digest_view
from tests.support.bursts import a_burst, a_delivery
from tests.support.notifying import IDENTITY
from tests.support.people import NOW

WRITER = MailWriter(IDENTITY, (Signer("app.test", "s1", Ed25519PrivateKey.generate()),))


async def test_the_same_view_is_the_same_mail() -> None:
    """Nothing in it is random, so that a retry can be told from another mail by nobody."""
    view = digest_view(a_burst({"text": "Hi"}), a_delivery(), (), IDENTITY)

    assert await WRITER.write(view, NOW) == await WRITER.write(view, NOW)


async def test_what_was_kept_is_the_same_parcel_again() -> None:
    """Envelope, octets and trace come back as they were, whatever has been said since."""
    first = await WRITER.write(
        digest_view(a_burst({"text": "Hi"}), a_delivery(), (), IDENTITY), NOW
    )
    found: Delivery = a_delivery(raw=first.kept, trace=first.trace)

    assert WRITER.restore(found) == first
    assert WRITER.restore(found).kept == first.kept


async def test_without_a_key_a_mail_is_unsigned() -> None:
    """A key is the operator's to make; mail leaves without one."""
    view = digest_view(a_burst({"text": "Hi"}), a_delivery(), (), IDENTITY)
    signed = await WRITER.write(view, NOW)

    assert signed.raw.startswith(b"DKIM-Signature: ")
    unsigned = await replace(WRITER, signers=()).write(view, NOW)
    assert signed.raw.endswith(unsigned.raw)
