"""Write the mail of a delivery: bodies, headers, signature. If it left before, the same octets.

The Message-ID is the delivery's own, so a mail that is sent twice is one mail to whoever threads
it (the field's idempotency key).
"""

import asyncio
import zlib
from dataclasses import dataclass, field, replace

from core.model.delivery import Delivery
from core.moment import Moment
from core.observe import Event, logger
from notifier.channels.email.compose import compose
from notifier.channels.email.correspondence import correspondence_of
from notifier.channels.email.dkim import Signer, sign
from notifier.channels.email.parcel import MailParcel
from notifier.channels.email.trace import trace
from notifier.channels.email.wrapping import reverse_path_of, wrap
from notifier.rendering.bodies import Rendered, render
from notifier.rendering.identity import Identity
from notifier.rendering.view import OperatorMail, View
from notifier.sandbox.themes import ThemeFault, Themes


@dataclass(frozen=True, slots=True)
class MailWriter:
    """Who we are in our mails, and the keys that sign them; none leaves them unsigned."""

    identity: Identity
    signers: tuple[Signer, ...] = ()
    themes: Themes = field(default_factory=Themes)

    async def write(self, view: View | OperatorMail, now: Moment) -> MailParcel:
        """Render, compose and sign a mail."""
        match view:
            case View():
                return (await self.written(view, now))[0]
            case OperatorMail():
                return await self._wrapped(view, now)

    def restore(self, delivery: Delivery) -> MailParcel:
        """Return the mail that may be out already, with the same octets and envelope."""
        reverse_path, _, raw = (delivery.raw or b"").partition(b"\n")
        return MailParcel(delivery.id, reverse_path.decode(), delivery.address, raw, delivery.trace)

    async def written(self, view: View, now: Moment) -> tuple[MailParcel, Rendered]:
        """Return the mail of a view, and both its bodies."""
        correspondence = correspondence_of(view, self.identity, now)
        rendered = await self.rendered(view)
        composed = compose(rendered, correspondence)
        # A private key takes a millisecond and needs no lock of Python's: another core can do it.
        raw = await asyncio.to_thread(sign, composed, self.signers, now)
        to, said = view.delivery, trace(rendered, correspondence)
        return MailParcel(to.id, correspondence.reverse_path, to.address, raw, said), rendered

    async def rendered(self, view: View) -> Rendered:
        """Return both bodies of what a view says: in the role's own theme, if that can be used."""
        usual = render(view.page)
        if view.held is not None:
            return usual
        themed = await self.themes.rendered(view, usual)
        if not isinstance(themed, ThemeFault):
            return themed
        role, to = view.burst.role, view.delivery
        logger().warning(
            Event.THEME_FAILED, app=to.app_id, delivery=to.id, role=role.name if role else None,
            reason=themed.sentence,
        )  # fmt: skip
        return replace(usual, theme_fault=themed.sentence)

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
