"""An address proves whom it names, and nothing that was not signed for it is believed."""

import sys
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.address import Keyring, Purpose, Token, local_part, read_local_part

KEYS = Keyring({1: b"an old key of many octets", 2: b"the key of today, also long"}, 2)
TOKENS = st.builds(
    Token,
    st.sampled_from(list(Purpose)),
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**63 - 1),
    st.integers(0, 255),
)


@given(TOKENS)
@settings(deadline=None)
def test_what_is_signed_is_read(token: Token) -> None:
    """A token survives the mail system's changes of case, in 44 characters."""
    text = KEYS.sign(token)

    assert len(text) == 44
    assert KEYS.read(token.purpose, text.upper()) == token


@given(TOKENS, st.integers(0, 43), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
@settings(deadline=None)
def test_p7_26_a_changed_token_is_nothing(token: Token, place: int, letter: str) -> None:
    """Changing any character is forging."""
    text = KEYS.sign(token)
    changed = text[:place] + letter + text[place + 1 :]

    if KEYS.read(token.purpose, changed) is not None:
        assert Keyring(KEYS.keys, 2).read(token.purpose, changed) == token


@given(TOKENS)
@settings(deadline=None)
def test_a_token_has_one_spelling(token: Token) -> None:
    """No other last character says the same, though four of its bits say nothing."""
    text = KEYS.sign(token)
    ends = "abcdefghijklmnopqrstuvwxyz234567"

    assert [end for end in ends if KEYS.read(token.purpose, text[:-1] + end)] == [text[-1]]


@given(TOKENS, st.sampled_from(list(Purpose)))
@settings(deadline=None)
def test_p7_26_a_token_has_one_purpose(token: Token, other: Purpose) -> None:
    """What opts out can never reply."""
    read = KEYS.read(other, KEYS.sign(token))

    assert read == (token if other is token.purpose else None)


@given(st.text(max_size=60))
@settings(deadline=None)
def test_any_text_is_read_without_raising(text: str) -> None:
    """A local part is foreign text."""
    assert read_local_part(text, KEYS) is None


@pytest.mark.parametrize("separator", ["+", "."])
def test_p5_23_a_local_part_fits_everywhere(separator: str) -> None:
    """46 octets, one separator, in either form."""
    token = Token(Purpose.REPLY, 7, 8, 9)
    local = local_part(Purpose.REPLY, KEYS.sign(token), separator)

    assert len(local) == 46
    assert read_local_part(local.upper(), KEYS) == token


def test_p7_26_old_keys_are_still_read() -> None:
    """Keys rotate: mails already sent keep their way back, until the key is removed."""
    token = Token(Purpose.REPLY, 7, 8, 9)
    old = Keyring(KEYS.keys, 1).sign(token)

    assert KEYS.read(Purpose.REPLY, old) == token
    assert Keyring({2: KEYS.keys[2]}, 2).read(Purpose.REPLY, old) is None


FORGED = "r+" + "a" * 44


@pytest.mark.parametrize(
    "guess",
    [
        pytest.param("info", id="a name"),
        pytest.param("", id="nothing"),
        pytest.param("x+" + "a" * 44, id="no purpose of ours"),
        pytest.param("r-" + "a" * 44, id="no separator of ours"),
        pytest.param("r+" + "a" * 43, id="a character short"),
        pytest.param("r+" + "a" * 2_000, id="far too long"),
        pytest.param("r+" + "a" * 43 + "1", id="not base32"),
        pytest.param("r+" + "a" * 43 + "\u0131", id="a letter whose capital is ASCII"),
        pytest.param("r+" + "7" * 44, id="a key that is none of ours"),
        pytest.param("R." + KEYS.sign(Token(Purpose.OPT_OUT, 7, 8)), id="of another purpose"),
    ],
)
def test_p7_23_every_wrong_guess_takes_the_same_steps(guess: str) -> None:
    """How long an answer took tells nobody how near a guess came."""
    taken = _steps(guess)

    assert taken == _steps(FORGED)
    assert "digest" in taken


def _steps(guess: str) -> list[str]:
    """Return each function that is called while a guess is read."""
    steps: list[str] = []

    def note(frame: FrameType, event: str, called: Any) -> None:
        if event in ("call", "c_call"):
            steps.append(frame.f_code.co_name if event == "call" else called.__name__)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        read = read_local_part(guess, KEYS)
    finally:
        sys.setprofile(before)
    assert read is None
    return steps
