"""A link to a file proves itself, names one file, and expires."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.address import Keyring, Purpose, Token
from core.files.link import Link, read, sign
from core.moment import DAY, MINUTE
from gateway.http.credentials import of_link

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)
LINK = Link(7, 2**62 + 11, 1_700_000_000_000 // MINUTE * MINUTE, 0)


@given(st.integers(0, 2**31 - 1), st.integers(0, 2**63 - 1), st.integers(0, 2**32 - 1))
def test_a_link_reads_back(app: int, reference: int, minutes: int) -> None:
    """Whatever was signed is read, in 48 characters, whatever their case."""
    link = Link(app, reference, minutes * MINUTE, 0)
    token = sign(link, KEYS)

    assert len(token) == 48
    assert read(token.upper(), KEYS) == link


@pytest.mark.parametrize("at", range(48))
def test_a_changed_link_is_none(at: int) -> None:
    """No character can be changed: not the file, not the app, not the expiry."""
    token = sign(LINK, KEYS)
    other = "a" if token[at] != "a" else "b"

    assert read(token[:at] + other + token[at + 1 :], KEYS) is None


@pytest.mark.parametrize(("letter", "alike"), [("s", "\u017f"), ("i", "\u0131"), ("k", "\u212a")])
def test_a_link_has_one_spelling(letter: str, alike: str) -> None:
    """Letters that are ASCII only in the other case are none of it."""
    tokens = (sign(Link(7, reference, LINK.until, 0), KEYS) for reference in range(1000))
    token = next(one for one in tokens if letter in one)

    assert read(token.replace(letter, alike, 1), KEYS) is None
    assert of_link(token.replace(letter, alike, 1), Purpose.FILE, KEYS) is None


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="nothing"),
        pytest.param("1" * 48, id="no base32"),
        pytest.param("é" * 48, id="no ASCII"),
        pytest.param(KEYS.sign(Token(Purpose.FILE, 7, 11)), id="an address token"),
        pytest.param(KEYS.sign(Token(Purpose.REPLY, 7, 11)) + "aaaa", id="a longer one"),
        pytest.param(sign(LINK, Keyring({1: b"another key altogether"}, 1)), id="another's key"),
        pytest.param(sign(LINK, Keyring({9: KEYS.keys[1]}, 9)), id="a key id that is not there"),
    ],
)
def test_a_foreign_token_is_none(token: str) -> None:
    """What we did not sign as a link is no link."""
    assert read(token, KEYS) is None


def test_a_link_expires() -> None:
    """It holds up to its minute, and an old key still proves what it signed."""
    old = sign(LINK, KEYS)
    rotated = read(old, Keyring({1: KEYS.keys[1], 2: b"the next key of many octets"}, 2))

    assert rotated is not None
    assert rotated.holds(LINK.until - 1)
    assert not rotated.holds(LINK.until)
    assert not rotated.holds(LINK.until + 300 * DAY)
