"""Write the mail of a delivery: rendered, composed, signed. If it left before, the same octets."""

import asyncio
import zlib

from core.model.burst import Burst
from core.model.delivery import Delivery
from core.model.receipt import Receipt
from core.moment import Moment
from notifier.desk import Desk
from notifier.matter import Matter
from notifier.rendering.compose import compose
from notifier.rendering.dkim import sign
from notifier.rendering.email import Rendered, render
from notifier.rendering.headers import Correspondence
from notifier.rendering.letter import correspondence_of, digest_of
from notifier.rendering.passed_on import reverse_path_of, wrap
from notifier.rendering.question import letter_of, question_of, render_question
from notifier.rendering.trace import trace
from notifier.transports.base import Parcel

Packed = tuple[Parcel, dict[str, str] | None]


async def pack(matter: Matter, at: Desk, now: Moment) -> Packed:
    """Render and sign the mail; one that may be out already leaves with the same octets."""
    delivery = matter.delivery
    if delivery.raw is not None:
        reverse_path, _, raw = delivery.raw.partition(b"\n")
        return Parcel(delivery.id, reverse_path.decode(), delivery.address, raw), delivery.trace
    if matter.came is not None:
        return await _wrapped(matter.came, delivery, at, now)
    if matter.burst is None:
        raise LookupError(delivery.id)  # last_look has refused it
    rendered, letter = _write(matter, matter.burst, at, now)
    # A private key takes a millisecond and needs no lock of Python's: another core can do it.
    raw = await asyncio.to_thread(sign, compose(rendered, letter), at.signers, now)
    parcel = Parcel(delivery.id, letter.reverse_path, delivery.address, raw)
    return parcel, trace(rendered, letter)


async def _wrapped(
    came: Receipt, delivery: Delivery, at: Desk, now: Moment
) -> tuple[Parcel, dict[str, str]]:
    """Wrap a mail for the operator in one of ours, and sign that."""
    reverse_path = reverse_path_of(delivery, at.sender)

    def work() -> bytes:
        octets = zlib.decompress(came.raw or b"")
        return sign(wrap(octets, came, delivery, at.sender, now), at.signers, now)

    raw = await asyncio.to_thread(work)
    return Parcel(delivery.id, reverse_path, delivery.address, raw), {"reverse_path": reverse_path}


def _write(matter: Matter, burst: Burst, at: Desk, now: Moment) -> tuple[Rendered, Correspondence]:
    """Render what the delivery says, and the headers around it."""
    delivery, locale = matter.delivery, burst.app.default_locale
    if matter.held is not None:
        asked = question_of(matter.held, burst, delivery, at.sender)
        letter = letter_of(matter.held, burst, delivery, at.sender, now)
        return render_question(asked, locale), letter
    letter = correspondence_of(burst, delivery, matter.references, at.sender, now)
    return render(digest_of(burst, delivery, at.sender), locale), letter
