"""What writes mails to be shown, as the wiring hands it to the gateway."""

from core.config.ways_out import RelaySettings
from notifier.channels.email.relay import SmtpRelay
from notifier.channels.email.write import MailWriter
from notifier.preview import Previews
from tests.support.fake_relay import FakeRelay
from tests.support.notifying import IDENTITY


def the_previews(relay: FakeRelay | None = None) -> Previews:
    """Return what shows mails, and tests them at a relay; without one, none may be tested."""

    def way() -> SmtpRelay:
        assert relay is not None
        settings = RelaySettings(host="127.0.0.1", port=relay.port, tls="none")
        return SmtpRelay(settings)

    return Previews(MailWriter(IDENTITY), way)
