"""Which lane does a delivery go by?

It is named by the channel, and by the mailbox provider if we know one: ``email``, ``email/gmail``.
An address whose provider nobody knows has no lane but the channel's: what one such domain says of
us is one mail's matter.
"""

from core.mailbox_provider import provider_of
from core.model.delivery import EMAIL


def lane_of(channel: str, address: str) -> str:
    """Return the lane of a delivery on a channel to an address."""
    provider = provider_of(address) if channel == EMAIL else ""
    return f"{channel}/{provider}" if provider else channel
