"""A token for one person and one conversation: signed, over at some time, and of one app alone."""

import json
from base64 import urlsafe_b64decode
from dataclasses import replace

import jwt
import pytest

from core.address import Keyring
from core.link_token import LinkClaims, LinkFault, jti_of, link_keys, read_link, sign_link
from core.moment import HOUR
from core.scrub import HIDDEN, scrub
from tests.peers.link_tokens import wrong_with
from tests.support.people import NOW

KEYS = Keyring({1: b"a key of more than sixteen octets", 2: b"another one, an older one"}, 1)
APP = ("shop", 77)
CLAIMS = LinkClaims(
    "bo", "bike", 3, 1 << 62, NOW // 1000 * 1000, NOW // 1000 * 1000 + HOUR, jti_of("dlv_1")
)


def test_what_was_signed_is_read() -> None:
    """By the current key and by older ones."""
    assert read_link(sign_link(CLAIMS, APP, KEYS), APP, KEYS, NOW) == CLAIMS
    older = sign_link(CLAIMS, APP, Keyring(KEYS.keys, 2))
    assert read_link(older, APP, KEYS, NOW) == CLAIMS


def test_it_is_an_ordinary_jwt() -> None:
    """Any library reads it with the key that the app is given."""
    token = sign_link(CLAIMS, APP, KEYS)
    header = jwt.get_unverified_header(token)
    key = link_keys(77, KEYS)[header["kid"]]

    said = jwt.decode(
        token, key, algorithms=["HS256"], audience="shop", issuer="rejoinder",
        options={"verify_exp": False},
    )  # fmt: skip

    assert header == {"alg": "HS256", "kid": "1", "typ": "JWT"}
    assert (said["sub"], said["conversation"], said["exp"] - said["iat"]) == ("bo", "bike", 3600)


def _forged(**changes: object) -> str:
    """Return a token with other claims, signed rightly."""
    body = sign_link(CLAIMS, APP, KEYS).split(".")[1]
    said = json.loads(urlsafe_b64decode(body + "==")) | changes
    said = {name: value for name, value in said.items() if value is not None}
    return jwt.encode(said, link_keys(77, KEYS)["1"], headers={"kid": "1"})


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="nothing"),
        pytest.param("a.b.c", id="three words"),
        pytest.param("\x00" * 50, id="NUL"),
        pytest.param("e" * 5_000, id="long"),
        pytest.param(sign_link(CLAIMS, APP, KEYS)[:-3], id="cut"),
        pytest.param(sign_link(CLAIMS, ("shop", 78), KEYS), id="another app's key"),
        pytest.param(sign_link(CLAIMS, ("shop2", 77), KEYS), id="for another audience"),
        pytest.param(sign_link(CLAIMS, APP, Keyring({1: b"another house's key"}, 1)), id="forged"),
        pytest.param(sign_link(CLAIMS, APP, Keyring({9: KEYS.keys[1]}, 9)), id="an unknown key"),
        pytest.param(jwt.encode({"sub": "bo"}, link_keys(77, KEYS)["1"], headers={"kid": "1"}),
                     id="without its claims"),
        pytest.param(jwt.encode({"sub": "bo"}, "", algorithm="none"), id="unsigned"),
        pytest.param(_forged(iss="me"), id="of another issuer"),
        pytest.param(_forged(exp=None), id="without an end"),
        pytest.param(_forged(epoch="x"), id="an epoch that is none"),
        pytest.param(_forged(exp=float("inf")), id="an end beyond all numbers"),
        pytest.param(_forged(ref=None), id="of nobody"),
        pytest.param(_forged(aud=["other"]), id="a list of others"),
    ],
)  # fmt: skip
def test_what_is_none_of_ours_is_invalid(token: str) -> None:
    """Whatever it is, it is an answer and no exception."""
    assert read_link(token, APP, KEYS, NOW) is LinkFault.INVALID


def test_its_time_ends() -> None:
    """By the clock that is given."""
    token = sign_link(CLAIMS, APP, KEYS)

    assert read_link(token, APP, KEYS, CLAIMS.expires_at - 1) == CLAIMS
    assert read_link(token, APP, KEYS, CLAIMS.expires_at) is LinkFault.EXPIRED


def test_the_same_mail_has_the_same_token() -> None:
    """However often it is written; another mail has another."""
    assert jti_of("dlv_1") == jti_of("dlv_1") != jti_of("dlv_2")
    assert len(jti_of("dlv_1")) == 44


@pytest.mark.parametrize("number", range(8))
@pytest.mark.parametrize("user", ["bo", "ann@shop.example", "b\u00f6 & co"])
def test_a_text_that_is_shown_to_others_has_it_no_more(number: int, user: str) -> None:
    """Alone, in its URL, and wrapped into that of a filter."""
    claims = replace(CLAIMS, id=jti_of(f"dlv_{number}"), user_id=user)
    token = sign_link(claims, APP, KEYS)
    body, signature = token.split(".")[1:]

    for text in (
        token,
        f"see https://shop.example/in?t={token}",
        f"<a href='https://x/{token}'>x</a>",
    ):
        left = scrub(text)
        assert HIDDEN in left
        assert body not in left
        assert signature not in left


@pytest.mark.parametrize("before", ["", "> ", "> > "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "=\r\n"])
def test_it_is_found_when_a_mail_program_broke_its_line(before: str, end: str) -> None:
    """At any column, quoted or not; the words around it stay."""
    url = f"https://shop.example/in?t={sign_link(CLAIMS, APP, KEYS)}"
    pieces = [url[at : at + 12] for at in range(40, len(url) - 12, 12)]

    for column in range(40, 101):
        cut = [url[at : at + column] for at in range(0, len(url), column)]
        left = scrub(f"{before}Bo wrote\n\n{before}{(end + before).join(cut)}\n\nSo long")
        assert HIDDEN in left, column
        assert not any(piece in left.replace(end + before, "") for piece in pieces), column
        assert left.startswith(f"{before}Bo wrote\n")
        assert left.endswith("\n\nSo long")


def test_a_token_of_others_stays_where_it_was_broken() -> None:
    """It holds none of ours."""
    other = jwt.encode({"sub": "bo", "say": "a long text " * 12}, "k" * 32)
    text = "\n".join(other[at : at + 60] for at in range(0, len(other), 60))

    assert scrub(text) == text


@pytest.mark.parametrize("language", ["python"])
def test_the_code_of_the_page_reads_it(language: str) -> None:
    """docs/linking-back.md; the other languages are tried by tests/peers/link_tokens.py."""
    assert wrong_with(language) == []
