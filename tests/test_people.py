"""Is a signature known by the mails that came before, and an answer not taken for one?"""

from functools import cache

import pytest

from tests.corpus.case import Case
from tests.corpus.metric import Score
from tests.corpus.people import people
from tests.corpus.remembering import scored


@cache
def _scores(*, told: bool) -> dict[str, tuple[Case, Score]]:
    return {case.name: (case, one) for case, one in scored(told=told)}


def _share(*, told: bool, perfect: bool) -> float:
    found = _scores(told=told).values()
    return 100 * sum(one.perfect if perfect else bool(one.lost) for _, one in found) / len(found)


def test_there_are_people_enough() -> None:
    """Ten people and more of eight mails each, in more than six languages."""
    everybody = people()

    assert len(everybody) >= 10
    assert {len(one.cases) for one in everybody} == {8}
    assert len({one.cases[0].about["locale"] for one in everybody}) >= 6


def test_what_earlier_mails_taught_tells_signatures() -> None:
    """Most mails are right but for the first; without, hardly one is."""
    assert _share(told=True, perfect=True) >= 75
    assert _share(told=True, perfect=True) >= _share(told=False, perfect=True) + 40


def test_no_word_is_lost_that_was_kept_without() -> None:
    """What is known folds nothing of an answer, however often it was given."""
    told, untold = _scores(told=True), _scores(told=False)

    assert _share(told=True, perfect=False) <= 1.1
    assert [n for n, (_, one) in told.items() if one.lost and not untold[n][1].lost] == []


@pytest.mark.parametrize("name", ["mehmet", "nils"])
def test_answers_and_orders_that_are_repeated_stay(name: str) -> None:
    """Who signs with nothing keeps every word, though half of it came before."""
    mine = {n: one for n, (_, one) in _scores(told=True).items() if n.startswith(name)}

    assert len(mine) == 8
    assert all(one.perfect for one in mine.values()), mine
