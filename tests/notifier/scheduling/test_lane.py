"""The way to the relay closes when the relay is in trouble, and opens by its first acceptance."""

from core.moment import MINUTE, SECOND
from core.outcome import Accepted, Cause, Deferred, PeerReply
from notifier.scheduling.lane import Lane

TAKEN = Accepted(PeerReply(250, None, "ok"))
NOT_THIS_ONE = Deferred(Cause.QUOTA, None)
NOBODY = Deferred(Cause.BUSY, None, whole_lane=True)


def test_trouble_closes_it_for_longer_each_time() -> None:
    """Each trouble in a row is waited out longer than the one before."""
    lane, now, waits = Lane(), 0, []
    for _ in range(3):
        lane.heard(NOBODY, now, 0.0)
        waits.append(lane.closed_until - now)
        now = lane.closed_until

    assert waits == [5 * SECOND, 15 * SECOND, 30 * SECOND]
    assert not lane.is_open(lane.closed_until - 1)
    assert lane.is_open(lane.closed_until)


def test_mails_under_way_tell_of_one_trouble() -> None:
    """Ten that fail together close it once, not ten times as long."""
    lane = Lane()
    for _ in range(10):
        lane.heard(NOBODY, 1_000, 0.0)

    assert (lane.troubles, lane.closed_until) == (1, 1_000 + 5 * SECOND)


def test_an_answer_for_one_mail_opens_it() -> None:
    """An acceptance, or a refusal of one mail alone, shows that the relay works."""
    for answer in (TAKEN, NOT_THIS_ONE):
        lane = Lane()
        lane.heard(NOBODY, 0, 0.0)
        lane.heard(answer, 1, 0.0)

        assert (lane.troubles, lane.is_open(1)) == (0, True)


def test_a_refused_login_waits_longer() -> None:
    """Wrong passwords, said often enough, lock an account."""
    lane = Lane()
    lane.heard(Deferred(Cause.AUTHENTICATION, None, whole_lane=True), 0, 0.0)

    assert lane.closed_until == MINUTE
