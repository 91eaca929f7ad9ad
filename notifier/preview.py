"""A mail that nobody is owed: shown as it would be sent, or sent to whoever wants to see that.

It is written by the same writer as every mail, so what is shown is what would leave. The relay of a
test is asked over a line of its own: what it says is told to who asked, and closes no lane. So that
tests do not go past all bounds, there is one line at a time, and so many a minute for an app.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy

from core.check_finding import Finding, Gravity
from core.mail_preview import MailPreview, PreviewWish, TestSent
from core.model.burst import Burst
from core.moment import Moment
from core.rules.tested_mails import within
from notifier.channels.base import Transport
from notifier.channels.email.mail_checks.examine import findings_of
from notifier.channels.email.parcel import MailParcel
from notifier.channels.email.write import MailWriter
from notifier.rendering import variants
from notifier.rendering.catalogue import catalogue_for
from notifier.rendering.made_up import ADDRESS, made_up, nobodys, preview_delivery
from notifier.rendering.view import View, as_test, digest_view

_RIGHT_TO_LEFT = "ar"  # what is shown of how a mail is mirrored, where its reader's is not


@dataclass(frozen=True, slots=True)
class Previews:
    """Who writes our mails, and what opens a way to the relay for one of them."""

    writer: MailWriter
    open_relay: Callable[[], Transport[MailParcel]]
    _line: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)
    _tested: dict[str, list[Moment]] = field(default_factory=dict, init=False)  # by app

    async def preview(self, wish: PreviewWish) -> MailPreview:
        """Return the mail that is wished for. Nothing leaves and nothing is kept."""
        view = self._view(wish, _burst(wish), "")
        parcel, rendered = await self.writer.written(view, wish.now)
        fault = rendered.theme_fault
        mail = message_from_bytes(parcel.raw, policy=policy.default)
        return MailPreview(
            subject=str(mail["Subject"]),
            sender=str(mail["From"]),
            recipient=str(mail["To"]),
            language=view.page.language,
            text=rendered.text,
            html=rendered.html,
            dark=await asyncio.to_thread(variants.dark, rendered.html),
            narrow=await asyncio.to_thread(variants.narrow, rendered.html),
            rtl=await self._mirrored(wish, view, rendered.html),
            raw=parcel.raw,
            findings=(*_of_theme(fault), *await asyncio.to_thread(findings_of, parcel.raw)),
            theme_fault=fault,
        )

    async def send_test(self, wish: PreviewWish, address: str) -> TestSent:
        """Offer one mail to the relay, marked as a test, and return what it said.

        One at a time; raise TooOften for more in a minute than an app may have tested.
        """
        whose = wish.app.app_id
        self._tested[whose] = within(self._tested.get(whose, ()), wish.now)
        view = as_test(self._view(wish, _burst(wish), address))
        parcel, rendered = await self.writer.written(view, wish.now)
        async with self._line:
            relay = self.open_relay()
            try:
                outcome = await relay.send(parcel)
            finally:
                await relay.close()
        found = await asyncio.to_thread(findings_of, parcel.raw)
        findings = (*_of_theme(rendered.theme_fault), *found)
        return TestSent(outcome, view.delivery.message_id, findings)

    def _view(self, wish: PreviewWish, burst: Burst, address: str) -> View:
        to = address or next(iter(burst.user.email or ()), ADDRESS)
        id_ = f"<test.{secrets.token_hex(16)}@{self.writer.identity.list_domain}>"
        delivery = preview_delivery(burst, to, id_, wish.now)
        return digest_view(burst, delivery, (), self.writer.identity)

    async def _mirrored(self, wish: PreviewWish, view: View, html: str) -> str:
        """Return the page in a language that is written from right to left, if it is in none."""
        default = wish.app.default_locale
        if view.page.direction == catalogue_for(_RIGHT_TO_LEFT, default).direction:
            return html
        other = replace(wish, locale=_RIGHT_TO_LEFT)
        return (await self.writer.rendered(self._view(other, _burst(other), ""))).html


def _of_theme(fault: str) -> tuple[Finding, ...]:
    """Return what is found of a theme that was not used."""
    if not fault:
        return ()
    sentence = f"The role's theme could not be used, so the mail is in ours: {fault}."
    mend = "Mend the theme and set it again; docs/themes.md says what there is."
    return (Finding("theme_failed", Gravity.ERROR, sentence, mend),)


def _burst(wish: PreviewWish) -> Burst:
    """Return what the mail is about, with nobody named by its links."""
    return nobodys(wish.burst or made_up(wish), wish)
