"""An address that could be taken for another is told apart, and shown as DNS knows it."""

import pytest

from core.lookalike import resembled, shown_address

# ruff: noqa: RUF001  other scripts are what is tested
OWN = "Bo.Miller@example.net"
ALIKE = [
    pytest.param("bo.miller@exаmple.net", id="a Cyrillic a in the domain"),
    pytest.param("bo.miller@xn--exmple-4nf.net", id="the same, in A-labels"),
    pytest.param("bо.miller@example.net", id="a Cyrillic o in the local part"),
    pytest.param("bo.miller@exampΙe.net", id="a big Greek iota"),
    pytest.param("bo.miller@éxample.net", id="an accent"),
    pytest.param("bo.miller@ẹxample.net", id="a dot below"),
    pytest.param("bo.miller@examp1e.net", id="a one for an l"),
    pytest.param("b0.miller@example.net", id="a zero for an o"),
    pytest.param("bo.rniller@example.net", id="r and n for an m"),
    pytest.param("bo.mıller@example.net", id="an i without a dot"),
    pytest.param("bo.miller@ех\u0430m\u0440\u04cf\u0435.net", id="most of a word in Cyrillic"),
    pytest.param("bο.miller@example.net", id="a Greek omicron"),
    pytest.param("bo.miller@eхample.net", id="a Cyrillic kha"),
    pytest.param("bo.miller@exampǀe.net", id="a click for an l"),
    pytest.param("ｂｏ.miller@example.net", id="full width"),
]
NOT = [
    pytest.param("bo.miller@example.org", id="another top level"),
    pytest.param("ann@example.net", id="another person"),
    pytest.param("bo.miller@straße.de", id="letters of another word"),
    pytest.param("бо@пример.рф", id="another script"),
    pytest.param("", id="nobody"),
    pytest.param("bo.miller", id="no domain"),
    pytest.param("BO.MILLER@EXAMPLE.NET", id="their own in other letters"),
]


@pytest.mark.parametrize("address", ALIKE)
def test_what_looks_like_an_own_address_is_told(address: str) -> None:
    """Which it is; among others, and whatever stands behind it."""
    assert resembled(address, ["ann@x.example", OWN]) == OWN
    assert resembled(address, []) is None
    assert resembled(address + "x" * 1_000_000, [OWN]) is None
    assert resembled(address + address, [OWN]) is None
    assert resembled(address[: len(address) // 2], [OWN]) is None


@pytest.mark.parametrize("address", NOT)
def test_another_address_is_only_another(address: str) -> None:
    """Or the same, in another spelling."""
    assert resembled(address, [OWN]) is None


@pytest.mark.parametrize("address", ["bo@xn--exmple-4nf.net", "bo@exаmple.net"])
def test_of_two_own_addresses_none_is_claimed_falsely(address: str) -> None:
    """Who really has both is told nothing."""
    assert resembled(address, ["bo@example.net", "bo@exаmple.net"]) is None


SHOWN = {
    "bo@example.net": "bo@example.net",
    "Bo@Example.NET": "Bo@Example.NET",
    "bo@exаmple.net": "bo@xn--exmple-4nf.net (exаmple.net)",
    "bo@xn--exmple-4nf.net": "bo@xn--exmple-4nf.net (exаmple.net)",
    "bo@straße.de": "bo@xn--strae-oqa.de (straße.de)",
    "bo@ＥＸＡＭＰＬＥ.net": "bo@example.net (example.net)",
    "бо@почта.рф": "бо@xn--80a1acny.xn--p1ai (почта.рф)",
    "bo@xn--\x80": "bo@xn--\x80",
    "bo": "bo",
    "": "",
    "a@x.example, b@exаmple.net": "a@x.example, b@xn--exmple-4nf.net (exаmple.net)",
}


@pytest.mark.parametrize(("address", "shown"), SHOWN.items())
def test_a_domain_is_shown_as_dns_knows_it(address: str, shown: str) -> None:
    """And in letters beside it; a plain one as it stands; what is none as it is."""
    assert shown_address(address) == shown
