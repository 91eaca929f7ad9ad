"""Which of two copies stands: the table, row by row."""

import pytest

from core.model.held import AuthorProof
from core.verdict import Reason
from gateway.mailboxes.precedence import Claim, Earlier, gives_way, is_doubted, stands, waits_beside

BO, EVE = frozenset({"bo@example.net"}), frozenset({"eve@evil.example"})
YES, NO = frozenset({"yes"}), frozenset({"no"})
PROVEN, UNCHECKED = AuthorProof.PROVEN, AuthorProof.UNCHECKED
AUTHOR_ONLY, DISOWNED = AuthorProof.AUTHOR_ONLY, AuthorProof.DISOWNED


def earlier(verdict: str, reason: Reason, claim: Claim) -> Earlier:
    """Return a copy that came before."""
    return Earlier("rcp_1", verdict, reason.value, None, claim)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        pytest.param(Claim(BO, PROVEN, YES), Claim(BO, PROVEN, NO), True, id="it was shown"),
        pytest.param(Claim(BO, AUTHOR_ONLY, YES), Claim(BO, PROVEN, NO), True, id="half shown"),
        pytest.param(Claim(BO, UNCHECKED, YES), Claim(BO, PROVEN, YES), True, id="the same words"),
        pytest.param(Claim(BO, UNCHECKED, YES), Claim(BO, PROVEN, NO), False, id="other words"),
        pytest.param(Claim(EVE, DISOWNED, YES), Claim(BO, PROVEN, NO), False, id="a stranger's"),
        pytest.param(Claim(EVE, PROVEN, YES), Claim(BO, PROVEN, NO), False, id="shown to be hers"),
        pytest.param(Claim(EVE, PROVEN, YES), Claim(BO, PROVEN, YES), True, id="hers, his words"),
        pytest.param(Claim(BO, UNCHECKED), Claim(BO, PROVEN, NO), True, id="it said nothing"),
        pytest.param(Claim(BO, UNCHECKED, YES), Claim(BO, AUTHOR_ONLY, NO), True, id="half now"),
    ],
)
def test_what_was_taken_stands_unless_it_took_anothers_place(
    before: Claim, now: Claim, *, expected: bool
) -> None:
    """Only who is shown to be the author pushes aside what nothing showed to be theirs."""
    assert stands(earlier("accept", Reason.POSTED, before), "accept", now) is expected


@pytest.mark.parametrize(
    ("reason", "verdict", "now", "expected"),
    [
        pytest.param(Reason.AUTO_SUBMITTED, "discard", Claim(), True, id="discarded, too"),
        pytest.param(Reason.AUTO_SUBMITTED, "accept", Claim(), False, id="a person's by itself"),
        pytest.param(Reason.AUTO_SUBMITTED, "hold", Claim(), False, id="to be asked about"),
        pytest.param(Reason.BREAKER, "accept", Claim(), True, id="a loop is in every copy"),
        pytest.param(Reason.BREAKER, "accept", Claim(BO, PROVEN), False, id="but for who is shown"),
    ],
)
def test_what_was_discarded_answers_for_no_person(
    reason: Reason, verdict: str, now: Claim, *, expected: bool
) -> None:
    """Headers that make a machine of a mail are whoever's who sent it ahead."""
    assert stands(earlier("discard", reason, Claim()), verdict, now) is expected


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        pytest.param(Claim(EVE, DISOWNED, YES), Claim(BO, UNCHECKED, NO), True, id="two people's"),
        pytest.param(Claim(EVE, DISOWNED, YES), Claim(BO, UNCHECKED, YES), False, id="one text"),
        pytest.param(Claim(BO, UNCHECKED, YES), Claim(BO, UNCHECKED, NO), False, id="one author"),
        pytest.param(Claim(BO, UNCHECKED, YES), Claim(BO, AUTHOR_ONLY, YES), True, id="shown now"),
        pytest.param(Claim(EVE, PROVEN, YES), Claim(BO, PROVEN, YES), True, id="both are shown"),
        pytest.param(Claim(BO, PROVEN, YES), Claim(BO, PROVEN, YES), False, id="shown before"),
        pytest.param(
            Claim(frozenset(), UNCHECKED, YES), Claim(BO, UNCHECKED, NO), False, id="whose?"
        ),
    ],
)
def test_of_two_held_copies_both_wait(before: Claim, now: Claim, *, expected: bool) -> None:
    """The owner is never shown a stranger's copy alone."""
    one = earlier("hold", Reason.SENDER_MISMATCH, before)

    assert waits_beside(one, now) is expected
    assert stands(one, "hold", now) is not expected


@pytest.mark.parametrize(
    ("reason", "before", "now", "expected"),
    [
        pytest.param(Reason.MAILING_LIST, Claim(BO), Claim(BO), True, id="doubted for its way"),
        pytest.param(Reason.AUTO_REPLY_SUBJECT, Claim(BO), Claim(BO), False, id="for what it is"),
        pytest.param(Reason.AUTO_REPLY_SUBJECT, Claim(EVE), Claim(BO), True, id="another author's"),
        pytest.param(
            Reason.AUTO_REPLY_SUBJECT, Claim(BO), Claim(BO, PROVEN), True, id="only this is shown"
        ),
        pytest.param(
            Reason.AUTO_REPLY_SUBJECT, Claim(BO, PROVEN), Claim(BO, PROVEN), False, id="both are"
        ),
    ],
)
def test_what_is_held_gives_way(
    reason: Reason, before: Claim, now: Claim, *, expected: bool
) -> None:
    """To one that is to be posted, unless the doubt is true of every copy."""
    one = earlier("hold", reason, before)

    assert gives_way(one, now) is expected
    assert stands(one, "accept", now) is not expected


@pytest.mark.parametrize("verdict", ["accept", "hold", "discard"])
def test_doubted_is_what_was_kept_back_for_its_way(verdict: str) -> None:
    """A machine's subject is no way, and what was taken is not kept back."""
    assert is_doubted(earlier(verdict, Reason.MAILING_LIST, Claim())) is (verdict != "accept")
    assert not is_doubted(earlier(verdict, Reason.AUTO_REPLY_SUBJECT, Claim()))
