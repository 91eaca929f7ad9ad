"""One domain has one reading, in every room: IDNA2008, in A-labels."""

import time

import pytest

from core.config.section import _host_name
from core.domain_name import as_dns, comparable, in_punycode, strictly
from core.email_address import domain_of


@pytest.mark.parametrize(
    ("name", "written"),
    [
        pytest.param("straße.de", "xn--strae-oqa.de", id="a sharp s is not two"),
        pytest.param("STRAẞE.de", "xn--strae-oqa.de", id="nor is a big one"),
        pytest.param("faß.at", "xn--fa-hia.at", id="Austrian"),
        pytest.param("βόλος.com", "xn--nxasmm1c.com", id="a Greek final sigma"),
        pytest.param("क्\u200dष.com", "xn--11b2ezcw70k.com", id="a joiner that means something"),
        pytest.param("Bücher.Example", "xn--bcher-kva.example", id="big letters"),
        pytest.param("bu\u0308cher.example", "xn--bcher-kva.example", id="a mark written apart"),
        pytest.param("例え。テスト", "xn--r8jz45g.xn--zckzah", id="an ideographic dot"),
        pytest.param("почта.рф", "xn--80a1acny.xn--p1ai", id="Russian"),
        pytest.param("XN--STRAE-OQA.de.", "xn--strae-oqa.de", id="A-labels, and the root"),
        pytest.param("_dmarc.Example.org", "_dmarc.example.org", id="an underscore"),
    ],
)
def test_every_room_reads_a_domain_alike(name: str, written: str) -> None:
    """What is asked about in DNS is what is compared, written to, and taken for a setting."""
    assert as_dns(name) == comparable(name) == domain_of(f"bo@{name}") == written
    assert _host_name(name) == written


NO_DOMAINS = {
    "nothing": "",
    "an empty label": "a..b",
    "two roots": "a.example..",
    "a blank": "exa mple.org",
    "a line feed": "example.org\n",
    "a literal": "[192.0.2.1]",
    "a joiner that means nothing": "exa\u200dmple.org",
    "a turned direction": "exa\u202emple.org",
    "a lone surrogate": "exa\ud800mple.org",
    "a label of 64": "a" * 64 + ".example",
    "a name of 400": "ab." * 133 + "a",
    "half of an address": "bo@",
}


@pytest.mark.parametrize("name", NO_DOMAINS.values(), ids=NO_DOMAINS)
def test_what_is_no_domain_is_refused(name: str) -> None:
    """And is equal to itself alone."""
    with pytest.raises(ValueError, match="domain name"):
        as_dns(name)
    assert comparable(name) == name


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("\uff45xample.com", id="full width"),
        pytest.param("bücher。de", id="an ideographic dot"),
        pytest.param("ﬁ.example", id="a ligature"),
        pytest.param("xn--STRASSE-.de", id="an A-label of ASCII"),
        pytest.param("xn--zzzzzzzzzz99999.de", id="an A-label of nothing"),
        pytest.param("xn--" + "BÜCHER".encode("punycode").decode() + ".de", id="a big letter"),
    ],
)
def test_a_name_that_is_read_two_ways_is_refused_at_the_door(name: str) -> None:
    """Whoever reads without the mapping, or decodes an A-label, reaches another name."""
    with pytest.raises(ValueError, match="has "):
        strictly(name)


def test_an_emoji_is_no_letter_but_its_a_label_is_a_name() -> None:
    """Such domains are registered; what is refused has a spelling that is not."""
    with pytest.raises(ValueError, match="IDNA2008"):
        strictly("i❤.ws")
    assert in_punycode("i❤.ws") == strictly("xn--i-7iq.ws") == "xn--i-7iq.ws"


@pytest.mark.parametrize("name", [*NO_DOMAINS.values(), "straße.de", "βόλος.com", "xn--a.de"])
def test_any_length_is_read_in_a_moment(name: str) -> None:
    """Cut, doubled and behind a megabyte of other text, it is an answer."""
    begun = time.process_time()
    for text in (name[: len(name) // 2], name * 2, "ä" * 1_000_000 + name, name + "." * 1_000_000):
        comparable(text)
    assert time.process_time() - begun < 1
