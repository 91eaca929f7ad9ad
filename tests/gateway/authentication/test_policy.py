"""One table says what becomes of a reply, given whose it claims to be."""

import itertools

import pytest

from core.verdict import Reason
from gateway.authentication.policy import Decision, judge
from gateway.authentication.results import Authentication, Result

POST = (Decision.POST, None)
NOT_THEIRS = (Decision.HOLD, Reason.SENDER_MISMATCH)
UNPROVEN = (Decision.HOLD, Reason.SENDER_UNPROVEN)
TRY_AGAIN = (Decision.DEFER, Reason.SENDER_UNCHECKED)

PASS, FAIL, NONE = Result.PASS, Result.FAIL, Result.NONE
LATER, BROKEN = Result.TEMPERROR, Result.PERMERROR

# The author is one, and the owner; the policy is strict. Each DMARC result with each of ARC.
PROVEN = {
    (PASS, PASS): POST, (PASS, FAIL): POST, (PASS, NONE): POST,
    (PASS, LATER): POST, (PASS, BROKEN): POST,
    (NONE, PASS): POST, (NONE, FAIL): POST, (NONE, NONE): POST,
    (NONE, LATER): POST, (NONE, BROKEN): POST,
    (FAIL, PASS): POST, (FAIL, FAIL): UNPROVEN, (FAIL, NONE): UNPROVEN,
    (FAIL, LATER): TRY_AGAIN, (FAIL, BROKEN): UNPROVEN,
    (LATER, PASS): TRY_AGAIN, (LATER, FAIL): TRY_AGAIN, (LATER, NONE): TRY_AGAIN,
    (LATER, LATER): TRY_AGAIN, (LATER, BROKEN): TRY_AGAIN,
    (BROKEN, PASS): UNPROVEN, (BROKEN, FAIL): UNPROVEN, (BROKEN, NONE): UNPROVEN,
    (BROKEN, LATER): UNPROVEN, (BROKEN, BROKEN): UNPROVEN,
}  # fmt: skip

RESULTS = tuple(itertools.product(Result, Result))


def ruling(
    policy: str, *, matches: bool, authors: int, known: Authentication
) -> tuple[Decision, Reason | None]:
    """Return what is ruled, as a pair."""
    one = judge(policy, matches=matches, authors=authors, authentication=known)
    return one.decision, one.reason


@pytest.mark.parametrize(("dmarc", "arc"), RESULTS)
def test_p7_01_an_owner_is_judged_by_dmarc_and_then_by_arc(dmarc: Result, arc: Result) -> None:
    """Pass and none post, fail holds unless a trusted chain vouches, a failure of DNS waits."""
    known = Authentication(dmarc=dmarc, arc=arc)

    assert ruling("strict", matches=True, authors=1, known=known) == PROVEN[dmarc, arc]


@pytest.mark.parametrize(("dmarc", "arc"), RESULTS)
@pytest.mark.parametrize(
    ("matches", "authors"),
    [
        pytest.param(False, 1, id="somebody else"),
        pytest.param(False, 0, id="nobody"),
        pytest.param(True, 0, id="no author at all"),
        pytest.param(True, 2, id="the owner beside another"),
        pytest.param(False, 3, id="several strangers"),
    ],
)
def test_p7_01_who_is_not_the_one_owner_is_held(
    *, matches: bool, authors: int, dmarc: Result, arc: Result
) -> None:
    """DMARC proves a domain, not the owner: nothing of it lets another author in."""
    known = Authentication(dmarc=dmarc, arc=arc)

    assert ruling("strict", matches=matches, authors=authors, known=known) == NOT_THEIRS


@pytest.mark.parametrize(("dmarc", "arc"), RESULTS)
@pytest.mark.parametrize("matches", [True, False])
@pytest.mark.parametrize("authors", [0, 1, 2])
def test_an_app_that_trusts_the_token_posts(
    *, authors: int, matches: bool, dmarc: Result, arc: Result
) -> None:
    """The policy ``token`` is TalkJS's: the secret address is enough."""
    known = Authentication(dmarc=dmarc, arc=arc)

    assert ruling("token", matches=matches, authors=authors, known=known) == POST


def test_an_unknown_policy_is_the_strict_one() -> None:
    """A policy that is misspelled in the database lets nobody in."""
    known = Authentication(dmarc=PASS)

    assert ruling("tokem", matches=False, authors=1, known=known) == NOT_THEIRS
