"""An address proves whom it names, and nothing that was not signed for it is believed."""

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
def test_a_changed_token_is_nothing(token: Token, place: int, letter: str) -> None:
    """Changing any character is forging."""
    text = KEYS.sign(token)
    changed = text[:place] + letter + text[place + 1 :]

    if KEYS.read(token.purpose, changed) is not None:
        assert Keyring(KEYS.keys, 2).read(token.purpose, changed) == token


@given(TOKENS, st.sampled_from(list(Purpose)))
@settings(deadline=None)
def test_a_token_has_one_purpose(token: Token, other: Purpose) -> None:
    """What opts out can never reply."""
    read = KEYS.read(other, KEYS.sign(token))

    assert read == (token if other is token.purpose else None)


@given(st.text(max_size=60))
@settings(deadline=None)
def test_any_text_is_read_without_raising(text: str) -> None:
    """A local part is foreign text."""
    assert read_local_part(text, KEYS) is None


@pytest.mark.parametrize("separator", ["+", "."])
def test_a_local_part_fits_everywhere(separator: str) -> None:
    """46 octets, one separator, in either form."""
    token = Token(Purpose.REPLY, 7, 8, 9)
    local = local_part(Purpose.REPLY, KEYS.sign(token), separator)

    assert len(local) == 46
    assert read_local_part(local.upper(), KEYS) == token


def test_old_keys_are_still_read() -> None:
    """Keys rotate: mails already sent keep their way back, until the key is removed."""
    token = Token(Purpose.REPLY, 7, 8, 9)
    old = Keyring(KEYS.keys, 1).sign(token)

    assert KEYS.read(Purpose.REPLY, old) == token
    assert Keyring({2: KEYS.keys[2]}, 2).read(Purpose.REPLY, old) is None
