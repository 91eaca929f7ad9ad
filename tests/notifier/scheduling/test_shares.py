"""No endpoint, and no crowd of silent ones, has all the slots."""

from notifier.scheduling.shares import Shares


def _taken(shares: Shares, endpoint: str, times: int) -> int:
    return sum(shares.take(endpoint) for _ in range(times))


def test_an_endpoint_has_a_few_slots() -> None:
    """It is refused more, and the others are not."""
    shares = Shares(20)

    assert _taken(shares, "a", 10) == 4
    assert shares.closed() == ("a",)
    assert shares.take("b")


def test_a_hand_that_is_given_back_can_be_taken() -> None:
    """Who was refused is told that there is room again."""
    shares = Shares(20)
    _taken(shares, "a", 4)

    assert shares.give_back("a")
    assert shares.closed() == ()
    assert shares.take("a")
    assert not Shares(20).closed()


def test_a_hand_nobody_waits_for_wakes_nobody() -> None:
    """As long as no endpoint is refused, a hand that comes back is no news."""
    shares = Shares(20)
    shares.take("a")

    assert not shares.give_back("a")


def test_who_does_not_answer_has_one() -> None:
    """After a call without an answer one hand tries; after an answer there are many again."""
    shares = Shares(20)
    shares.heard("a", answered=False)
    while_silent = _taken(shares, "a", 20)
    shares.heard("a", answered=True)

    assert while_silent == 1
    assert _taken(shares, "a", 20) == 11


def test_who_answers_has_more() -> None:
    """An endpoint that is known to answer is told faster than one nobody has heard of."""
    shares = Shares(48)
    shares.heard("a", answered=True)

    assert _taken(shares, "a", 48) == 12
    assert _taken(shares, "b", 48) == 4


def test_the_silent_together_have_half() -> None:
    """Ever so many hanging endpoints leave half of the slots to those that answer."""
    shares = Shares(20)
    hanging = [f"h{n:02}" for n in range(30)]
    for one in hanging:
        shares.heard(one, answered=False)
    taken = [one for one in hanging if shares.take(one)]

    assert len(taken) == 10
    assert shares.closed() == tuple(hanging)
    assert _taken(shares, "a", 5) == 4
