"""What RCPT found is believed at DATA: once, and for seconds."""

import pytest

from core.address import Purpose, Token
from core.moment import SECOND
from gateway.recipients import RecentRecipients, Recipient
from tests.support.people import NOW

SOMEBODY = Recipient(None)


def _token(number: int) -> Token:
    return Token(Purpose.REPLY, 1, number, 0)


@pytest.mark.parametrize(
    ("waited", "believed"),
    [
        pytest.param(0, True, id="at once"),
        pytest.param(5 * SECOND, True, id="a few seconds later"),
        pytest.param(5 * SECOND + 1, False, id="too late"),
        pytest.param(-6 * SECOND, False, id="before it was asked: the clock was set back"),
    ],
)
def test_it_is_believed_for_seconds(waited: int, *, believed: bool) -> None:
    """Whoever takes longer is asked about again."""
    lately = RecentRecipients()
    lately.note(_token(1), SOMEBODY, NOW)

    assert (lately.take(_token(1), NOW + waited) is SOMEBODY) is believed


def test_it_is_believed_once() -> None:
    """The next mail to the same address asks anew."""
    lately = RecentRecipients()
    lately.note(_token(1), SOMEBODY, NOW)

    assert lately.take(_token(1), NOW) is SOMEBODY
    assert lately.take(_token(1), NOW) is None


def test_who_asks_and_sends_nothing_takes_no_memory() -> None:
    """A hundred at most are known, the latest, and nobody who was asked about long ago."""
    crowded, quiet = RecentRecipients(), RecentRecipients()
    for number in range(1_000):
        crowded.note(_token(number), SOMEBODY, NOW)
    quiet.note(_token(1), SOMEBODY, NOW)
    quiet.note(_token(2), SOMEBODY, NOW + 6 * SECOND)

    known = [number for number in range(1_000) if crowded.take(_token(number), NOW)]
    assert known == list(range(900, 1_000))
    assert quiet.take(_token(1), NOW) is None
    assert quiet.take(_token(2), NOW + 6 * SECOND) is SOMEBODY
