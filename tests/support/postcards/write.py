"""A burst on a postcard: who wrote, the first words, and where the rest is. In plain text."""

import json
from dataclasses import dataclass

from core.model.delivery import Delivery
from core.moment import Moment
from notifier.rendering.view import OperatorMail, View


@dataclass(frozen=True, slots=True)
class Postcard:
    """What is written, and to whom."""

    to: str
    text: str

    @property
    def kept(self) -> bytes:
        """Return both, as they are kept."""
        return json.dumps([self.to, self.text]).encode()

    @property
    def trace(self) -> None:
        """Remember nothing: nobody answers a postcard."""


class PostcardWriter:
    """Writes postcards."""

    async def write(self, view: View | OperatorMail, now: Moment) -> Postcard:
        """Write what is new and who said what."""
        match view:
            case View(delivery, _, page):
                said = [message.text for group in page.groups for message in group.messages]
                return Postcard(delivery.address, "\n".join([page.news, *said]))
            case OperatorMail(delivery, receipt):
                return Postcard(delivery.address, f"{receipt.recipient} has mail.")

    def restore(self, delivery: Delivery) -> Postcard:
        """Take the same postcard out again."""
        to, text = json.loads(delivery.raw or b"[]")
        return Postcard(to, text)
