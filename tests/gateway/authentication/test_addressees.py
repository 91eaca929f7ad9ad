"""To whom was it written? The addresses of To and Cc, and not the words beside them."""

import pytest

from gateway.authentication.addressees import Ours, addressees
from tests.support.cost import cost

US = "r+abc@reply.test"
OURS = Ours(US, frozenset({"reply.test", "bounces.test"}))

ELSEWHERE = [
    pytest.param(f'"{US}" <eve@evil.test>', id="our address as a display name"),
    pytest.param(f"{US} <eve@evil.test>", id="as a display name that nobody quoted"),
    pytest.param("r+abc <eve@evil.test>", id="our local part as a display name"),
    pytest.param(f"eve@evil.test ({US})", id="as a comment"),
    pytest.param(f"eve@evil.test (see (also) \\) <{US}>)", id="as a comment within a comment"),
    pytest.param("r+abc@evil.test", id="our local part at a domain of hers"),
    pytest.param("r+abc@reply.test.evil.test", id="our domain as a beginning"),
    pytest.param("r+abc@evil-reply.test", id="our domain as an end"),
    pytest.param(f"eve+{US}".replace("@reply", "@evil"), id="as her sub-address"),
    pytest.param("eve+r+abc@reply.test", id="our local part as an end"),
    pytest.param("r+abc+eve@reply.test", id="our local part as a beginning"),
    pytest.param("r+abc%reply.test@evil.test", id="a route in percents"),
    pytest.param(f'"{US}"@evil.test', id="our address as a quoted local part"),
    pytest.param(f'"x\\" <{US}>, \\"" <eve@evil.test>', id="a quote that does not end there"),
    pytest.param(f'"{US} <eve@evil.test>', id="a quote that never ends"),
    pytest.param(f"eve@evil.test ({US}", id="a comment that never ends"),
    pytest.param(f"{US}: eve@evil.test;", id="as the name of a group"),
    pytest.param(f'"<{US}>" <eve@evil.test>', id="in brackets within quotes"),
    pytest.param(f"<{US}> <eve@evil.test>", id="two pairs of brackets"),
    pytest.param(f"<eve@evil.test> {US}", id="behind the brackets"),
    pytest.param(f"<<{US}> eve@evil.test>", id="brackets in brackets"),
    pytest.param(f"<@reply.test,@{US}:eve@evil.test>", id="in a route"),
    pytest.param("=?utf-8?q?=22?= r+abc=40reply.test <e@evil.test>", id="as an encoded word"),
    pytest.param("=?utf-8?b?cithYmNAcmVwbHkudGVzdA==?= <eve@evil.test>", id="in base64"),
    pytest.param(f"eve@evil.test {US}", id="two addresses without a comma"),
    pytest.param("@reply.test", id="no local part"),
    pytest.param("undisclosed-recipients:;", id="nobody"),
    pytest.param("", id="nothing"),
]


@pytest.mark.parametrize("value", ELSEWHERE)
def test_words_beside_an_address_are_no_address(value: str) -> None:
    """A client copies a stranger's name into To; it is sent to the address and to nobody else."""
    assert not OURS.is_among(addressees(value))


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(US, id="bare"),
        pytest.param(f"Bike <{US}>", id="with a name"),
        pytest.param(f'"Ann, of the shop" <{US}>', id="with a quoted name"),
        pytest.param(f"=?utf-8?q?Caf=C3=A9?= <{US}>", id="with an encoded name"),
        pytest.param(f"Café 用户 <{US}>", id="with other letters"),
        pytest.param(f"ann@example.com, {US}", id="behind another"),
        pytest.param(f"ann@example.com; {US}", id="behind another, as Outlook parts them"),
        pytest.param(f"Friends: ann@example.com, {US};", id="in a group"),
        pytest.param(f"Friends:{US};", id="alone in a group"),
        pytest.param("R+ABC@Reply.Test", id="in capitals"),
        pytest.param("r.abc@reply.test", id="in its dot form"),
        pytest.param("<r+abc\r\n @reply.test>", id="folded in the middle"),
        pytest.param('"r+abc"@reply.test', id="quoted without need"),
        pytest.param("<@relay.test:r+abc@reply.test>", id="with a route"),
        pytest.param("r+abc@reply.test.", id="with the dot of the root"),
        pytest.param("r+abc(secret)@reply.test (the bike)", id="with comments"),
        pytest.param("r+abc@bounces.test", id="at the other domain of ours"),
    ],
)
def test_each_way_to_write_it_is_to_us(value: str) -> None:
    """As mail programs write it."""
    assert OURS.is_among(addressees(value))


def test_the_domain_it_came_to_is_ours() -> None:
    """Whatever else is: a mail in capitals, to a domain in letters."""
    assert Ours("R+ABC@Straße.de").is_among(addressees("<r+abc@xn--strae-oqa.de>"))
    assert not Ours("r+abc@straße.de").is_among(addressees("<r+abc@strasse.de>"))
    assert not Ours("@reply.test").is_among(addressees("@reply.test"))


@pytest.mark.parametrize("value", ELSEWHERE)
def test_spoilt_ones_name_nobody_either(value: str) -> None:
    """Two of them in one, or one behind a megabyte of others; half of one ends as well."""
    addressees(value[: len(value) // 2])

    assert not OURS.is_among(addressees(f"{value}, {value}"))
    assert not OURS.is_among(addressees("<a@b.test>, " * 90_000 + value))


@pytest.mark.parametrize("sign", ["<", '"', "(", "\\", '<"', ",", "<a>", ":", "\r\n ", '"a"<'])
def test_runs_of_one_sign_cost_little(sign: str) -> None:
    """No pattern tries them in all ways."""
    assert cost(lambda: addressees(sign * 100_000)) < 300
