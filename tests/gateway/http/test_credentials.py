"""What is shown proves who asks, or nothing at all."""

from typing import Any

import jwt
import pytest

from core.address import Keyring, Purpose, Token
from core.files import link
from core.moment import HOUR, MINUTE
from gateway.http.credentials import link_token, of_app, of_link
from gateway.http.principal import AppKey, AppToken, LinkHolder
from tests.support.people import NOW

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)
SECRETS = ["sk_live_" + "a" * 32, "sk_live_" + "b" * 32]
CLAIMS = {"tokenType": "app", "iss": "shop"}


def _token(key: str = SECRETS[1], **claims: Any) -> str:
    return jwt.encode(CLAIMS | claims, key, "HS256")


@pytest.mark.parametrize(
    ("header", "who"),
    [
        pytest.param(f"Bearer {SECRETS[0]}", AppKey("shop"), id="a key"),
        pytest.param(f"bearer  {SECRETS[1]} ", AppKey("shop"), id="another, in another writing"),
        pytest.param(f"Bearer {_token()}", AppToken("shop"), id="a token"),
        pytest.param("", None, id="nothing"),
        pytest.param(SECRETS[0], None, id="a key without its scheme"),
        pytest.param(f"Basic {SECRETS[0]}", None, id="a key in another scheme"),
        pytest.param(f"Bearer {SECRETS[0][:-1]}", None, id="nearly a key"),
        pytest.param("Bearer schlüssel", None, id="no key can be written so"),
        pytest.param(f"Bearer {_token(tokenType='user', sub='bo')}", None, id="a user's token"),
        pytest.param(f"Bearer {_token(iss='other')}", None, id="another app's token"),
        pytest.param(f"Bearer {_token('x' * 40)}", None, id="a token by another key"),
        pytest.param(f"Bearer {_token(exp=1)}", None, id="a token that is over"),
    ],
)
def test_a_header_proves_an_app(header: str, who: AppKey | AppToken | None) -> None:
    """A key, or a token that a key signed; which one it was, is known."""
    assert of_app(header, "shop", SECRETS) == who


def test_an_app_without_keys_is_nobodys() -> None:
    """What does not exist, or has no living key, is proven by nothing."""
    assert of_app(f"Bearer {SECRETS[0]}", "shop", []) is None


@pytest.mark.parametrize(
    "may", [Purpose.OPT_OUT, Purpose.OPT_IN, Purpose.HELD, Purpose.PREFERENCES]
)
def test_a_link_lets_do_the_one_thing_it_was_signed_for(may: Purpose) -> None:
    """And names what that is done with; for any other purpose it is no link."""
    token = KEYS.sign(Token(may, 7, 11, 3))

    assert of_link(token, may, KEYS) == LinkHolder(may, 7, 11, 3)
    assert {of_link(token, other, KEYS) for other in Purpose if other is not may} == {None}


def test_a_link_to_a_file_ends() -> None:
    """It is read to its end, and then still says what it was; its case does not matter."""
    token = link.sign(link.Link(7, 11, NOW + HOUR, 0), KEYS)
    holder = of_link(token.upper(), Purpose.FILE, KEYS)

    assert holder == LinkHolder(Purpose.FILE, 7, 11, until=-(-(NOW + HOUR) // MINUTE) * MINUTE)
    assert (holder.holds(NOW), holder.holds(NOW + 2 * HOUR)) == (True, False)
    assert LinkHolder(Purpose.HELD, 7, 11).holds(NOW + 9999 * HOUR)


def test_a_holders_token_is_the_links_own() -> None:
    """What is written for a holder is read as the same holder."""
    holder = LinkHolder(Purpose.OPT_IN, 7, 11, 3)

    assert of_link(link_token(holder, KEYS), Purpose.OPT_IN, KEYS) == holder
