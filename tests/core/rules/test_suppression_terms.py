"""How long an address is not written to depends on the cause, and each cause says why so long."""

import pytest

from core.outcome import Cause
from core.rules.suppression_terms import After, terms

_OTHERS = {"complaint", "by_hand"}


def test_each_term_is_of_a_cause_and_says_its_source() -> None:
    """A name that no refusal has would never be looked up."""
    causes = {cause.value for cause in Cause} | _OTHERS

    assert set(terms()) <= causes
    assert all(len(one.source) > 10 and one.means and one.ends for one in terms().values())


@pytest.mark.parametrize(
    ("longer", "shorter"),
    [
        ("invalid_recipient", "inactive"),
        ("inactive", "quota"),
        ("expired", "quota"),
        ("forwarded", "quota"),
        ("complaint", "invalid_recipient"),
        ("by_hand", "invalid_recipient"),
    ],
)
def test_what_mends_itself_sooner_lasts_less_long(longer: str, shorter: str) -> None:
    """A full mailbox is emptied, one that is gone comes back seldom, a person must say so."""
    days = {name: one.days if one.days is not None else 10**9 for name, one in terms().items()}

    assert days[longer] > days[shorter] > 0


@pytest.mark.parametrize(
    "cause",
    [
        Cause.SENDER_QUOTA, Cause.SENDER_RATE, Cause.SENDER_REPUTATION, Cause.AUTHENTICATION,
        Cause.TLS, Cause.RELAY_REFUSES, Cause.CONTENT, Cause.OTHER, Cause.NOT_WRITTEN,
        Cause.GREYLISTED, Cause.BUSY, Cause.CONNECTION,
    ],
)  # fmt: skip
def test_what_is_not_about_the_address_has_no_term(cause: Cause) -> None:
    """Neither what is our own fault nor what we do not understand silences anybody."""
    assert cause.value not in terms()


def test_only_a_persons_word_lasts_until_it_is_lifted() -> None:
    """No machine's answer is for ever."""
    for_ever = {name for name, one in terms().items() if one.days is None}

    assert for_ever == {name for name, one in terms().items() if one.after is After.WORD}
