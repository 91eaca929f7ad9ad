"""One mailbox provider's trouble, slowness or opinion of us is its own lane's matter."""

import pytest

from core.moment import SECOND
from core.outcome import Accepted, Cause, Deferred, Failed, Outcome, PeerReply, Uncertain
from notifier.scheduling.lane import Lane
from notifier.scheduling.provider_lanes import ProviderBounds, ProviderLanes

GMAIL, YAHOO = "email/gmail", "email/yahoo"
TAKEN = Accepted(PeerReply(250, None, "ok"))
OPINION = Deferred(Cause.SENDER_REPUTATION, PeerReply(421, "4.7.28", "unusual rate of mail"))
DOWN = Deferred(Cause.BUSY, None, whole_lane=True)


def test_one_provider_has_three_places_in_four() -> None:
    """The others find room, however slow it is; who waits comes back soon and not all at once."""
    lanes = ProviderLanes(8)
    entered = [lanes.enter(GMAIL, 0) for _ in range(9)]
    other = lanes.enter(YAHOO, 0)
    full = lanes.full()
    lanes.leave(GMAIL)

    assert entered[:6] == [None] * 6
    assert len({*entered[6:]} - {None}) == 3
    assert all(0 < (wait or 0) < SECOND for wait in entered[6:])
    assert other is None
    assert (full, lanes.full()) == ((GMAIL,), ())


def test_how_much_can_be_set() -> None:
    """So many at once for each, and so many a minute for one."""
    lanes = ProviderLanes(8, ProviderBounds(2, {"gmail": 60}))
    gmail = [lanes.enter(GMAIL, 0), lanes.enter(GMAIL, 0), lanes.enter(GMAIL, SECOND)]
    yahoo = [lanes.enter(YAHOO, 0) for _ in range(3)]

    assert gmail == [None, SECOND, None]
    assert yahoo[:2] == [None, None]
    assert yahoo[2] is not None


def test_a_domain_nobody_knows_has_no_lane_of_its_own() -> None:
    """It goes by the relay's, as wide as that is."""
    lanes = ProviderLanes(2)

    assert [lanes.enter("email", 0) for _ in range(9)] == [None] * 9
    assert (lanes.lane("email"), lanes.full()) == (None, ())


def test_three_opinions_close_a_providers_lane_and_not_the_relays() -> None:
    """What Gmail thinks of us is nothing of Yahoo's."""
    lanes, relay = ProviderLanes(8), Lane()
    for _ in range(9):
        lanes.heard(GMAIL, OPINION, 0, 0.0)
        relay.heard(OPINION, 0, 0.0, "gmail")
    gmail, yahoo = lanes.lane(GMAIL), lanes.lane(YAHOO)

    assert gmail is not None
    assert yahoo is not None
    assert gmail.postpone(0) is not None
    assert (yahoo.postpone(0), relay.postpone(0)) == (None, None)


def test_what_several_think_is_the_relays_matter() -> None:
    """Three voices in a row; one mailbox that goes on refusing is one voice."""
    one, three = Lane(), Lane()
    for n in range(30):
        one.heard(OPINION, 0, 0.0, "example.org")
        three.heard(OPINION, 0, 0.0, f"d{n}.example")

    assert one.is_open(0)
    assert not three.is_open(0)


@pytest.mark.parametrize(
    "outcome", [DOWN, Failed(Cause.INVALID_RECIPIENT, None), Uncertain("cut"), TAKEN]
)
def test_nothing_else_closes_a_providers_lane(outcome: Outcome) -> None:
    """A relay that is down is the relay's trouble."""
    lanes = ProviderLanes(8)
    for _ in range(9):
        lanes.heard(GMAIL, outcome, 0, 0.0)
    lane = lanes.lane(GMAIL)

    assert lane is not None
    assert lane.is_open(0)


def test_an_acceptance_opens_it() -> None:
    """As of the relay's own lane."""
    lanes = ProviderLanes(8)
    for outcome in (OPINION, OPINION, OPINION, TAKEN):
        lanes.heard(GMAIL, outcome, 0, 0.0)
    lane = lanes.lane(GMAIL)

    assert lane is not None
    assert (lane.troubles, lane.postpone(0)) == (0, None)


def test_behind_a_crowd_no_more_is_decided() -> None:
    """Neither where moments are given away for long, nor where many were told to wait."""
    lanes = ProviderLanes(8, ProviderBounds(None, {"gmail": 60}))
    before = lanes.crowded(0)
    for _ in range(10):
        lanes.enter(GMAIL, 0)
        lanes.heard(YAHOO, OPINION, 0, 0.0)
    yahoo = lanes.lane(YAHOO)
    assert yahoo is not None
    few = lanes.crowded(0)
    for _ in range(40):
        yahoo.postpone(0)

    assert (before, few) == ({}, {GMAIL: 7 * SECOND})
    assert set(lanes.crowded(0)) == {GMAIL, YAHOO}
