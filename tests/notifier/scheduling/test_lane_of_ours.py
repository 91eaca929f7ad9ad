"""The way to a relay that will not take our mail: it closes for longer, and one mail asks."""

import pytest

from core.moment import DAY, HOUR, MINUTE, SECOND
from core.outcome import Accepted, Cause, Deferred, Failed, Outcome, PeerReply, Uncertain
from notifier.scheduling.lane import Lane

TAKEN = Accepted(PeerReply(250, None, "ok"))
NO = Deferred(Cause.SENDER_QUOTA, PeerReply(550, "5.4.5", "Daily limit exceeded"), whole_lane=True)
OPINION = Deferred(Cause.SENDER_REPUTATION, PeerReply(550, "5.7.26", "DMARC"))


def _closed(*outcomes: Outcome, now: int = 0) -> Lane:
    lane = Lane()
    for outcome in outcomes or (NO,):
        lane.heard(outcome, now, 0.0)
    return lane


def test_a_quota_of_a_day_is_asked_for_some_thirty_times() -> None:
    """Soon at first, for it may be a minute's; then hourly."""
    lane, now, waits = _closed(), 0, []
    while now < DAY:
        waits.append(lane.closed_until - now)
        now = lane.closed_until
        lane.heard(NO, now, 0.0)

    assert waits[:8] == [
        5 * SECOND, 10 * SECOND, 30 * SECOND, 2 * MINUTE,
        5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR,
    ]  # fmt: skip
    assert 20 < len(waits) < 35


def test_who_comes_meanwhile_is_told_why_it_waits() -> None:
    """It is claimed, unlike behind a relay that is down, and told what was said."""
    lane = _closed()
    later = lane.postpone(SECOND)

    assert later is not None
    assert (later.refusal, later.until >= 5 * SECOND) == (NO, True)
    assert not lane.passes_over(SECOND)
    assert not lane.is_open(SECOND)


def test_one_mail_asks_and_the_others_wait_for_its_answer() -> None:
    """When the time is over the first that comes is let through, and no other."""
    lane = _closed()
    asked = [lane.postpone(5 * SECOND) for _ in range(20)]
    lane.heard(TAKEN, 5 * SECOND, 0.0)

    assert asked[0] is None
    assert all(asked[1:])
    assert lane.postpone(5 * SECOND) is None
    assert lane.troubles == 0


def test_a_probe_that_is_never_heard_of_is_followed_by_another() -> None:
    """A process that dies with it does not close the lane for ever."""
    lane = _closed()
    seen = [lane.postpone(now) is None for now in (5 * SECOND, 6 * SECOND, 8 * SECOND)]

    assert seen == [True, False, True]


def test_those_that_wait_do_not_come_back_at_once() -> None:
    """Each a little behind the one before; the one that was refused is the last to ask again."""
    lane = _closed()
    untils = [later.until for later in (lane.postpone(0) for _ in range(1000)) if later]

    assert untils == sorted(set(untils))
    assert lane.reopens(0) > untils[-1]


@pytest.mark.parametrize(
    "outcome",
    [
        Failed(Cause.INVALID_RECIPIENT, None),
        Uncertain("the line broke"),
        Deferred(Cause.GREYLISTED, None),
    ],
)
def test_what_is_said_of_one_mail_lets_the_next_one_ask(outcome: Outcome) -> None:
    """It does not show that our quota is there again; nor does it wait a whole step."""
    lane = _closed()
    lane.heard(NO, 5 * SECOND, 0.0)
    lane.heard(outcome, 15 * SECOND, 0.0)

    assert lane.troubles == 2
    assert [lane.postpone(15 * SECOND) is None for _ in range(2)] == [True, False]


def test_one_opinion_of_us_is_one_mails_matter() -> None:
    """Another provider may think otherwise; mail after mail it is the relay's opinion."""
    lane = _closed(OPINION, OPINION)
    before = lane.postpone(0)
    lane.heard(OPINION, 0, 0.0)

    assert before is None
    assert lane.postpone(0) is not None


def test_an_acceptance_between_opinions_keeps_it_open() -> None:
    """Where some of our mail is taken, the lane is not the trouble."""
    lane = _closed(OPINION, OPINION, TAKEN, OPINION, OPINION)

    assert lane.postpone(0) is None


def test_by_hand_it_asks_at_once() -> None:
    """Whoever has raised the quota need not wait for the next step."""
    lane = _closed()

    assert lane.postpone(0, by_hand=True) is None
    assert lane.postpone(0) is not None


def test_the_relay_says_for_how_long() -> None:
    """What it asks for is heeded, though not for a whole day."""
    waits = []
    for words in ("try again in 20 minutes", "try again in 24 hours", "try again later"):
        reply = PeerReply(450, "4.7.1", f"Limit exceeded, {words}")
        lane = _closed(Deferred(Cause.SENDER_QUOTA, reply, whole_lane=True))
        waits.append(lane.closed_until)

    assert waits == [20 * MINUTE, 6 * HOUR, 5 * SECOND]
