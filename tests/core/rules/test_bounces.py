"""What refusals tell of, as tables."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.outcome import Cause, PeerReply
from core.rules.bounces import (
    Nothing,
    SoftScore,
    Suppress,
    classify,
    consequence,
    is_our_fault,
    stops_the_lane,
)

OUR_FAULTS = [Cause.AUTHENTICATION, Cause.TLS, Cause.RELAY_REFUSES, Cause.SENDER_REPUTATION]


@pytest.mark.parametrize(
    ("code", "enhanced", "cause"),
    [
        (550, "5.1.1", Cause.INVALID_RECIPIENT),
        (550, "5.1.2", Cause.INVALID_RECIPIENT),
        (553, "5.1.3", Cause.INVALID_RECIPIENT),
        (550, "5.1.6", Cause.INVALID_RECIPIENT),
        (556, "5.1.10", Cause.INVALID_RECIPIENT),
        (550, "5.7.17", Cause.INVALID_RECIPIENT),
        (550, "5.2.1", Cause.INACTIVE),
        (550, "5.7.13", Cause.INACTIVE),
        (452, "4.2.2", Cause.QUOTA),
        (552, "5.2.2", Cause.QUOTA),
        (452, "4.3.1", Cause.QUOTA),
        (451, "4.4.5", Cause.BUSY),
        (450, "4.1.1", Cause.BUSY),
        (450, "4.2.1", Cause.BUSY),
        (421, "4.3.2", Cause.BUSY),
        (450, "4.1.2", Cause.ROUTING),
        (451, "4.4.3", Cause.ROUTING),
        (550, "5.4.4", Cause.ROUTING),
        (554, "5.4.6", Cause.ROUTING),
        (451, "4.4.1", Cause.CONNECTION),
        (451, "4.4.2", Cause.CONNECTION),
        (550, "5.4.7", Cause.EXPIRED),
        (550, "5.1.7", Cause.SENDER_REPUTATION),
        (451, "4.1.8", Cause.SENDER_REPUTATION),
        (550, "5.7.25", Cause.SENDER_REPUTATION),
        (550, "5.7.26", Cause.SENDER_REPUTATION),
        (421, "4.7.28", Cause.SENDER_REPUTATION),
        (550, "5.7.32", Cause.SENDER_REPUTATION),
        (550, "5.7.40", Cause.SENDER_REPUTATION),
        (550, "5.7.515", Cause.SENDER_REPUTATION),
        (535, "5.7.8", Cause.AUTHENTICATION),
        (554, "5.6.0", Cause.CONTENT),
        (552, "5.3.4", Cause.CONTENT),
        (550, "5.0.0", Cause.OTHER),
    ],
)
def test_an_enhanced_code_tells(code: int, enhanced: str, cause: Cause) -> None:
    """An enhanced status code is understood without its words."""
    assert classify(PeerReply(code, enhanced, "")) is cause


@pytest.mark.parametrize(
    ("code", "enhanced", "words", "cause"),
    [
        pytest.param(
            450, "4.7.1", "Greylisted, come back later", Cause.GREYLISTED, id="greylisting"
        ),
        pytest.param(
            550,
            "5.7.1",
            "Message rejected due to SPF failure",
            Cause.SENDER_REPUTATION,
            id="a policy refusal that names SPF is about us",
        ),
        pytest.param(
            550,
            "5.7.1",
            "Looks like spam",
            Cause.CONTENT,
            id="one that names spam is about content",
        ),
        pytest.param(
            554,
            "5.7.1",
            "<bo@example.net>: Relay access denied",
            Cause.RELAY_REFUSES,
            id="a relay that does not know us",
        ),
        pytest.param(
            550, "5.7.1", "Not for you", Cause.OTHER, id="a policy refusal that says nothing"
        ),
        pytest.param(
            421,
            "4.7.0",
            "[TS04] Messages temporarily deferred",
            Cause.SENDER_REPUTATION,
            id="a large provider slows us down",
        ),
        pytest.param(
            550, None, "No such user here", Cause.INVALID_RECIPIENT, id="no code but plain words"
        ),
        pytest.param(
            550,
            "5.0.0",
            "Recipient address unknown: user does not exist",
            Cause.INVALID_RECIPIENT,
            id="an empty code but plain words",
        ),
        pytest.param(
            450,
            None,
            "User unknown in virtual table, try later",
            Cause.BUSY,
            id="an unknown user is no fact while it is temporary",
        ),
        pytest.param(550, None, "Account disabled", Cause.INACTIVE, id="a disabled account"),
        pytest.param(554, None, "Mailbox full", Cause.QUOTA, id="a full mailbox"),
        pytest.param(
            550, None, "DNS error: NXDOMAIN for domain", Cause.ROUTING, id="a domain without DNS"
        ),
        pytest.param(
            530,
            "5.7.0",
            "Must issue a STARTTLS command first",
            Cause.TLS,
            id="a relay that wants TLS",
        ),
        pytest.param(
            530,
            "5.7.0",
            "Authentication required",
            Cause.AUTHENTICATION,
            id="a relay that wants a login",
        ),
        pytest.param(534, "5.7.14", "Please log in", Cause.AUTHENTICATION, id="a login code"),
        pytest.param(450, None, "Whatever", Cause.BUSY, id="a bare 450"),
        pytest.param(452, None, "Whatever", Cause.QUOTA, id="a bare 452"),
        pytest.param(
            550, None, "Whatever", Cause.OTHER, id="a bare 550 says nothing of an address"
        ),
        pytest.param(
            0, "5.1.1", "smtp; user gone", Cause.INVALID_RECIPIENT, id="a report with no reply code"
        ),
        pytest.param(
            450, "5.1.1", "odd", Cause.BUSY, id="the reply code rules over the enhanced one's class"
        ),
    ],
)
def test_words_tell_what_codes_do_not(
    code: int, enhanced: str | None, words: str, cause: Cause
) -> None:
    """Where a code leaves the matter open, the words decide, and doubt blames nobody."""
    assert classify(PeerReply(code, enhanced, words)) is cause


@settings(deadline=None)
@given(
    code=st.integers(400, 499),
    enhanced=st.none() | st.from_regex(r"[245]\.\d{1,3}\.\d{1,3}", fullmatch=True),
    words=st.text(),
)
def test_a_temporary_refusal_never_suppresses(code: int, enhanced: str | None, words: str) -> None:
    """Nothing a peer says for now takes an address off our list."""
    cause = classify(PeerReply(code, enhanced, words))

    assert not isinstance(consequence(cause), Suppress)


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        pytest.param(Cause.INVALID_RECIPIENT, Suppress(180), id="nobody there: for long"),
        pytest.param(Cause.INACTIVE, Suppress(30), id="asleep: looked at again in a month"),
        pytest.param(Cause.QUOTA, SoftScore(1), id="full: counted"),
        pytest.param(Cause.ROUTING, SoftScore(1), id="not to be found: counted"),
        pytest.param(Cause.EXPIRED, SoftScore(1), id="never took it: counted"),
        pytest.param(Cause.GREYLISTED, Nothing(), id="greylisting says nothing"),
        pytest.param(Cause.CONTENT, Nothing(), id="our words were the trouble"),
        pytest.param(Cause.OTHER, Nothing(), id="what we do not understand blames nobody"),
    ],
)
def test_a_cause_has_a_consequence(cause: Cause, expected: object) -> None:
    """Only what is said of an address counts against it."""
    assert consequence(cause) == expected


@pytest.mark.parametrize("cause", OUR_FAULTS)
def test_our_own_fault_never_blames_the_recipient(cause: Cause) -> None:
    """What lies in how we are set up has no consequence for the address."""
    assert is_our_fault(cause)
    assert consequence(cause) == Nothing()


def test_a_reputation_is_not_the_whole_lanes_trouble() -> None:
    """One provider's opinion of us does not stop mail to the others; a wrong login does."""
    stopping = [cause for cause in OUR_FAULTS if stops_the_lane(cause)]

    assert stopping == [Cause.AUTHENTICATION, Cause.TLS, Cause.RELAY_REFUSES]
