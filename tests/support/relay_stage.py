"""A relay and the server behind it, for tests."""

from typing import Any

from core.config.ways_out import RelaySettings
from core.outcome import PeerReply
from notifier.channels.email.parcel import MailParcel
from notifier.channels.email.relay import SmtpRelay
from tests.contracts.transport import a_parcel
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
        self.transport = SmtpRelay(settings_for(peer))

    def a_parcel(self, number: int = 1) -> MailParcel:
        """Return a mail."""
        return a_parcel(number)

    def content(self, parcel: MailParcel) -> bytes:
        """Return what goes on the wire."""
        return parcel.raw

    def refuse(self, step: str, reply: PeerReply) -> None:
        """Have the peer answer this at the next such step."""
        self.peer.refuse(step, f"{reply.code} {reply.enhanced} {reply.text}")

    def drop(self, step: str) -> None:
        """Have the peer hang up at the next such step."""
        self.peer.drop(step)

    def received(self) -> list[bytes]:
        """Return the content of the mails the peer took."""
        return [mail.content for mail in self.peer.mails]
