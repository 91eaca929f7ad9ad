"""No app, no endpoint, and no crowd of silent ones, has all the slots."""

import pytest

from notifier.scheduling.shares import APPS, KNOWN, NAMED, Closed, Shares

_SLOTS = 48
_MANY = 60


def _taken(shares: Shares, endpoint: str, times: int, app: str = "app") -> int:
    return sum(shares.take((app, endpoint)) for _ in range(times))


def _taken_over(shares: Shares, app: str, endpoints: int = _MANY) -> int:
    """Take what an app may have, over so many endpoints; return how much it is."""
    return sum(_taken(shares, f"{app}-{n:02}", _SLOTS, app) for n in range(endpoints))


def _hang(shares: Shares, app: str, endpoints: int = _MANY) -> None:
    """Let none of an app's endpoints have answered last time."""
    for n in range(endpoints):
        shares.heard((app, f"{app}-{n:02}"), answered_soon=False)


def test_an_endpoint_has_a_few_slots() -> None:
    """It is refused more, and the others are not."""
    shares = Shares(20)

    assert _taken(shares, "a", 10) == 4
    assert shares.closed() == Closed(endpoints=("a",))
    assert shares.take(("app", "b"))


def test_a_slot_that_is_given_back_can_be_taken() -> None:
    """Who was refused is told that there is room again."""
    shares = Shares(20)
    _taken(shares, "a", 4)

    assert shares.give_back(("app", "a"))
    assert shares.closed() == Closed()
    assert shares.take(("app", "a"))
    assert Shares(20).closed() == Closed()


def test_a_slot_nobody_waits_for_wakes_nobody() -> None:
    """As long as no endpoint is refused, a slot that comes back is no news."""
    shares = Shares(20)
    shares.take(("app", "a"))

    assert not shares.give_back(("app", "a"))


def test_who_does_not_answer_has_one() -> None:
    """After a call without an answer one slot tries; after an answer there are many again."""
    shares = Shares(_SLOTS)
    shares.heard(("app", "a"), answered_soon=False)
    while_silent = _taken(shares, "a", 20)
    shares.heard(("app", "a"), answered_soon=True)

    assert while_silent == 1
    assert _taken(shares, "a", 20) == 11


def test_who_answers_has_more() -> None:
    """An endpoint that is known to answer is told faster than one nobody has heard of."""
    shares = Shares(_SLOTS)
    shares.heard(("app", "a"), answered_soon=True)

    assert _taken(shares, "a", 48) == 12
    assert _taken(shares, "b", 48) == 4


def test_the_silent_together_have_half() -> None:
    """Ever so many hanging endpoints of many apps leave half of the slots to those that answer."""
    shares = Shares(20)
    hanging = [f"h{n:02}" for n in range(30)]
    for one in hanging:
        shares.heard((one, one), answered_soon=False)
    taken = [one for one in hanging if shares.take((one, one))]

    assert len(taken) == 10
    assert shares.closed() == Closed(endpoints=tuple(hanging))
    assert _taken(shares, "a", 5) == 4


@pytest.mark.parametrize("answers", [False, True], ids=["new", "answering"])
def test_an_app_alone_has_half(*, answers: bool) -> None:
    """However many endpoints it has, as many slots as it has stay free for others."""
    shares = Shares(_SLOTS)
    for app in ("a", "b") if answers else ():
        for n in range(_MANY):
            shares.heard((app, f"{app}-{n:02}"), answered_soon=True)

    assert _taken_over(shares, "a") == 24
    assert shares.closed().apps == ("a",)
    assert _taken_over(shares, "b") == 12
    assert shares.closed().apps == ("a", "b")


def test_the_silent_of_one_app_have_half_of_theirs() -> None:
    """An app with sixty endpoints that hang leaves room to try those of another."""
    shares = Shares(_SLOTS)
    _hang(shares, "a")
    _hang(shares, "b")

    assert _taken_over(shares, "a") == 12
    assert shares.closed() == Closed(endpoints=tuple(f"a-{n:02}" for n in range(_MANY)))
    assert _taken_over(shares, "b") == 6


def test_an_app_whose_endpoints_hang_is_told_where_it_listens() -> None:
    """What hangs keeps no other endpoint waiting, of the same app neither."""
    shares = Shares(_SLOTS)
    _hang(shares, "a")
    _taken_over(shares, "a")

    assert _taken(shares, "well", 9, "a") == 4


@pytest.mark.parametrize("apps", [1, 2, 3, 5, 11])
def test_of_several_each_has_as_many_as_another(apps: int) -> None:
    """And as many stay free for the next, once those that had more have given some up."""
    shares = Shares(_SLOTS)
    held: dict[str, list[str]] = {f"app{n:02}": [] for n in range(apps)}
    for _ in range(_SLOTS):
        for app, endpoints in held.items():
            new = (f"{app}-{n}" for n in range(_SLOTS * 2) if f"{app}-{n}" not in endpoints)
            endpoints += [one for one in new if shares.take((app, one))]
        for app, endpoints in held.items():
            while shares.has_too_many(app):
                shares.give_back((app, endpoints.pop()))
    counts = [len(endpoints) for endpoints in held.values()]

    assert max(counts) - min(counts) <= 1
    assert _SLOTS - sum(counts) >= min(counts) - 1
    assert shares.take(("another", "new"))


def test_what_an_app_has_taken_itself_is_not_too_much() -> None:
    """It is asked to give some up only when another has come, and then not all."""
    shares = Shares(_SLOTS)
    _taken_over(shares, "a")
    alone = shares.has_too_many("a")
    _taken(shares, "b", 2, "b")
    beside_another = shares.has_too_many("a")
    shares.give_back(("a", "a-00"))

    assert (alone, beside_another, shares.has_too_many("a")) == (False, True, False)


def test_no_more_is_taken_than_there_is() -> None:
    """Also by an app that has nothing yet."""
    shares = Shares(4)
    taken = [shares.take((f"app{n}", "one")) for n in range(6)]

    assert taken == [True] * 4 + [False] * 2


def test_who_makes_ever_new_endpoints_is_not_remembered_for_ever() -> None:
    """Of one app the latest are known; what is known of others stays."""
    shares = Shares(_SLOTS)
    shares.heard(("b", "b-00"), answered_soon=False)
    for n in range(5 * KNOWN):
        shares.heard(("a", f"a-{n}"), answered_soon=False)
    for n in range(12):
        shares.take(("a", f"a-{5 * KNOWN - 1 - n}"))

    assert len(shares.closed().endpoints) == KNOWN
    assert _taken(shares, "b-00", 9, "b") == 1


def test_ever_so_many_silent_endpoints_are_named_in_bounds() -> None:
    """A statement has no place for all of them; who is not named is refused all the same."""
    shares = Shares(_SLOTS)
    for app in range(APPS + 5):
        _hang(shares, f"app-{app}")
    taken = sum(shares.take((f"app-{n}", f"app-{n}-00")) for n in range(APPS + 4, 4, -1))

    assert taken == _SLOTS // 2
    assert len(shares.closed().endpoints) == NAMED
    assert not shares.take(("app-9", "app-9-07"))
