"""By which way does a mail leave, and which one is waited for where none is open?"""

from typing import Any

import pytest

from core.moment import HOUR, MINUTE, SECOND, Moment
from core.outcome import Accepted, Cause, Deferred, PeerReply
from notifier.channels.base import Channel, Way
from notifier.channels.email.in_memory_relay import Memory
from notifier.channels.email.write import MailWriter
from notifier.scheduling.lane import Postponed
from tests.support.bursts import a_delivery
from tests.support.notifying import IDENTITY
from tests.support.people import NOW

DOWN = Deferred(Cause.CONNECTION, PeerReply(0, None, "Connection refused"), whole_lane=True)
TAKEN = Accepted(PeerReply(250, None, "ok"))


def _quota(words: str) -> Deferred:
    reply = PeerReply(452, "4.5.3", f"Quota exceeded, try again in {words}")
    return Deferred(Cause.SENDER_QUOTA, reply, whole_lane=True)


def _heard(*said: Deferred) -> Channel[Any]:
    """Return a channel of which each way has been told something, the first first."""
    channel: Channel[Any] = Channel(MailWriter(IDENTITY), Memory())
    for nth, outcome in enumerate(said):
        name = "" if nth == 0 else f"backup{nth}"
        way = channel.ways.setdefault(name, Way(Memory()))
        way.lane.heard(outcome, NOW, 0.0)
    return channel


def _waits(channel: Channel[Any], now: Moment) -> Moment:
    chosen = channel.choose(a_delivery(), now)
    assert isinstance(chosen, Postponed)
    return chosen.until - now


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ((DOWN, _quota("6 hours")), 5 * SECOND),
        ((_quota("6 hours"), _quota("1 minute")), MINUTE),
        ((_quota("1 minute"), _quota("6 hours")), MINUTE),
        ((_quota("6 hours"), DOWN, _quota("3 hours")), 5 * SECOND),
    ],
)
def test_where_none_is_open_the_first_that_will_be_is_waited_for(
    said: tuple[Deferred, ...], wait: int
) -> None:
    """A fallback that is held for hours keeps nobody from a relay that is back in seconds."""
    channel = _heard(*said)
    later = [_waits(channel, NOW) for _ in range(3)]

    assert all(wait <= one < wait + SECOND for one in later)
    assert later == sorted(set(later))


def test_the_others_wait_for_the_one_that_asks_and_not_for_the_fallback() -> None:
    """One asks the first again; once it was taken all leave."""
    channel = _heard(DOWN, _quota("6 hours"))
    now = NOW + 5 * SECOND
    asks, waits = channel.choose(a_delivery(), now), _waits(channel, now)
    channel.heard(a_delivery(), TAKEN, now, 0.0)

    assert asks == ""
    assert waits < 3 * SECOND
    assert channel.choose(a_delivery(), now) == ""


@pytest.mark.parametrize("said", [(DOWN, _quota("6 hours")), (_quota("6 hours"), DOWN)])
def test_what_was_refused_comes_again_when_the_first_of_all_may_be_asked(
    said: tuple[Deferred, ...],
) -> None:
    """Also where it is the way that is held for hours which refused it."""
    channel = _heard(*said)

    for name in channel.ways:
        assert channel.retried_at(name, NOW) - NOW < 10 * SECOND
    assert channel.retried_at("", NOW + 7 * HOUR) == NOW + 7 * HOUR


@pytest.mark.parametrize("said", [(_quota("1 minute"),), (DOWN, _quota("6 hours"))])
def test_no_relays_question_is_spent_on_a_mail_that_its_provider_holds(
    said: tuple[Deferred, ...],
) -> None:
    """Two hundred for the provider come first; the one for somebody else asks all the same."""
    channel = _heard(*said)
    reply = PeerReply(421, "4.7.0", "try again in 6 hours")
    for _ in range(3):
        opinion = Deferred(Cause.SENDER_REPUTATION, reply)
        channel.providers.heard("email/gmail", opinion, NOW, 0.0)
    now = NOW + MINUTE
    held = [channel.choose(a_delivery(lane="email/gmail"), now) for _ in range(200)]

    assert all(isinstance(one, Postponed) and one.until - now > 5 * HOUR for one in held)
    assert channel.choose(a_delivery(), now) == ""


def test_nor_on_one_that_finds_no_place() -> None:
    """It waits for its provider's, and another asks the relay."""
    channel = _heard(_quota("1 minute"))
    now, gmail = NOW + MINUTE, a_delivery(lane="email/gmail")
    while not channel.providers.full():
        channel.providers.enter("email/gmail", now)
    asked = channel.choose(gmail, now)
    wait = channel.enter(gmail, "", now)

    assert (asked, wait is None) == ("", False)
    assert channel.choose(a_delivery(), now) == ""
