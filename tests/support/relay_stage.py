"""A relay and the server behind it, for tests."""

from typing import Any

from core.config.ways_out import RelaySettings
from notifier.transports.relay import Relay
from tests.support.fake_relay import FakeRelay


def settings_for(peer: FakeRelay, **changes: Any) -> RelaySettings:
    """Return the settings that lead to a fake relay."""
    return RelaySettings(
        **{"host": peer.host, "port": peer.port, "timeout_seconds": 5, "ehlo_name": "us.test"}
        | changes
    )


class RelayStage:
    """What the contract of transports asks for, over SMTP."""

    def __init__(self, peer: FakeRelay) -> None:
        """Stand before a peer."""
        self.peer = peer
        self.transport = Relay(settings_for(peer))

    def refuse(self, step: str, reply: str) -> None:
        """Have the peer answer this at the next such step."""
        self.peer.refuse(step, reply)

    def drop(self, step: str) -> None:
        """Have the peer hang up at the next such step."""
        self.peer.drop(step)

    def received(self) -> list[bytes]:
        """Return the content of the mails the peer took."""
        return [mail.content for mail in self.peer.mails]
