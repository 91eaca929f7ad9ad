"""Write the mail of a delivery: bodies, headers, signature. If it left before, the same octets.

The Message-ID is the delivery's own, so a mail that is sent twice is one mail to whoever threads
it (the field's idempotency key).
"""

import asyncio
import zlib
from dataclasses import dataclass

from core.model.delivery import Delivery
from core.moment import Moment
from notifier.channels.email.compose import compose
from notifier.channels.email.correspondence import correspondence_of
from notifier.channels.email.dkim import Signer, sign
from notifier.channels.email.parcel import MailParcel
from notifier.channels.email.trace import trace
from notifier.channels.email.wrapping import reverse_path_of, wrap
from notifier.rendering.bodies import Rendered, render
from notifier.rendering.identity import Identity
from notifier.rendering.view import OperatorMail, View


@dataclass(frozen=True, slots=True)
class MailWriter:
    """Who we are in our mails, and the keys that sign them; none leaves them unsigned."""

    identity: Identity
    signers: tuple[Signer, ...] = ()

    async def write(self, view: View | OperatorMail, now: Moment) -> MailParcel:
        """Render, compose and sign a mail."""
        match view:
            case View():
                return await self._written(view, now)
            case OperatorMail():
                return await self._wrapped(view, now)

    def restore(self, delivery: Delivery) -> MailParcel:
        """Return the mail that may be out already, with the same octets and envelope."""
        reverse_path, _, raw = (delivery.raw or b"").partition(b"\n")
        return MailParcel(delivery.id, reverse_path.decode(), delivery.address, raw, delivery.trace)

    def rendered(self, view: View) -> Rendered:
        """Return both bodies of what a view says."""
        return render(view.page)

    async def _written(self, view: View, now: Moment) -> MailParcel:
        correspondence, rendered = correspondence_of(view, self.identity, now), self.rendered(view)
        composed = compose(rendered, correspondence)
        # A private key takes a millisecond and needs no lock of Python's: another core can do it.
        raw = await asyncio.to_thread(sign, composed, self.signers, now)
        to = view.delivery
        return MailParcel(
            to.id, correspondence.reverse_path, to.address, raw, trace(rendered, correspondence)
        )

    async def _wrapped(self, mail: OperatorMail, now: Moment) -> MailParcel:
        """Wrap a mail for the operator in one of ours, and sign that."""
        delivery, came = mail.delivery, mail.receipt
        reverse_path = reverse_path_of(delivery, self.identity)

        def work() -> bytes:
            octets = zlib.decompress(came.raw or b"")
            return sign(wrap(octets, came, delivery, self.identity, now), self.signers, now)

        raw = await asyncio.to_thread(work)
        said = {"reverse_path": reverse_path}
        return MailParcel(delivery.id, reverse_path, delivery.address, raw, said)
