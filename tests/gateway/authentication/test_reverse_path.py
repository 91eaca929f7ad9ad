"""SPF, with the limits of RFC 7208."""

import pytest

from gateway.authentication.resolver import Questions, RecordType
from gateway.authentication.results import Result
from gateway.authentication.reverse_path import authorized
from gateway.mail.envelope import Envelope
from tests.support.cost import cost
from tests.support.senders import DOWN, Zones, texts

A, AAAA, MX, PTR, TXT = RecordType.A, RecordType.AAAA, RecordType.MX, RecordType.PTR, RecordType.TXT
Records = dict[tuple[str, RecordType], tuple[str, ...]]
ELSEWHERE = texts({"spf.example.net": "v=spf1 ip4:192.0.2.1 -all"})


def result(record: str, more: Records | None = None, peer: str = "192.0.2.1") -> Result:
    """Return what SPF says of a peer, given the record of example.org."""
    zones = Zones(texts({"example.org": record}) | (more or {}))
    envelope = Envelope("bo@example.org", ("r",), peer, "mx.example.org")
    return authorized(envelope, Questions(zones, 5))


@pytest.mark.parametrize(
    ("record", "peer", "wanted"),
    [
        pytest.param("v=spf1 ip4:192.0.2.0/24 -all", "192.0.2.1", Result.PASS, id="ip4"),
        pytest.param("v=spf1 ip4:192.0.2.0/24 -all", "198.51.100.1", Result.FAIL, id="not ip4"),
        pytest.param("v=spf1 ~all", "192.0.2.1", Result.FAIL, id="softfail"),
        pytest.param("v=spf1 ?all", "192.0.2.1", Result.NONE, id="neutral"),
        pytest.param("nothing", "192.0.2.1", Result.NONE, id="no record"),
        pytest.param("v=spf1 ip6:2001:db8::/32 -all", "2001:db8::25", Result.PASS, id="ip6"),
        pytest.param("v=spf1 ip6:2001:db8::/32 -all", "2001:dead::1", Result.FAIL, id="not ip6"),
        pytest.param(
            "v=spf1 ip4:192.0.2.1 -all", "::ffff:192.0.2.1", Result.PASS, id="mapped IPv4"
        ),
        pytest.param("v=spf1 ip4:192.0.2.1/99 -all", "192.0.2.1", Result.PERMERROR, id="broken"),
        pytest.param("v=spf1 -all", "", Result.NONE, id="no peer"),
        pytest.param("v=spf1 +all", "nonsense", Result.PERMERROR, id="a peer that is none"),
    ],
)
def test_spf(record: str, peer: str, wanted: Result) -> None:
    """A domain says who may send for it."""
    assert result(record, peer=peer) is wanted


@pytest.mark.parametrize(
    ("record", "more"),
    [
        pytest.param("v=spf1 a -all", {("example.org", A): ("192.0.2.1",)}, id="a"),
        pytest.param(
            "v=spf1 mx -all",
            {
                ("example.org", MX): ("mx1.example.org", "mx2.example.org"),
                ("mx1.example.org", A): ("198.51.100.9",),
                ("mx2.example.org", A): ("192.0.2.1",),
            },
            id="mx",
        ),
        pytest.param("v=spf1 include:spf.example.net -all", ELSEWHERE, id="include"),
        pytest.param("v=spf1 redirect=spf.example.net", ELSEWHERE, id="redirect"),
        pytest.param(
            "v=spf1 exists:%{ir}.%{l}.example.org -all",
            {("1.2.0.192.bo.example.org", A): ("127.0.0.2",)},
            id="macros",
        ),
        pytest.param(
            "v=spf1 ptr -all",
            {
                ("1.2.0.192.in-addr.arpa", PTR): ("mx.example.org",),
                ("mx.example.org", A): ("192.0.2.1",),
            },
            id="ptr",
        ),
    ],
)
def test_what_a_record_refers_to_is_looked_up(record: str, more: Records) -> None:
    """A peer that a further name leads to may send, and without that name it may not."""
    assert result(record, more) is Result.PASS
    assert result(record) is not Result.PASS


def test_a_hosts_ipv6_address_is_asked_for_a_peer_of_that_kind() -> None:
    """RFC 7208, 5: the address record looked up is the one of the peer's own family."""
    more: Records = {("h.example.org", AAAA): ("2001:db8::25",)}

    assert result("v=spf1 a:h.example.org -all", more, "2001:db8::25") is Result.PASS


def test_dns_that_fails_is_no_answer() -> None:
    """RFC 7208, 2.6.6: the record may yet allow the peer."""
    more: Records = {("h.example.org", A): DOWN}

    assert result("v=spf1 a:h.example.org -all", more) is Result.TEMPERROR


def test_two_records_are_an_error() -> None:
    """RFC 7208, 4.5: whoever publishes two says nothing."""
    zones = Zones(texts({"example.org": ("v=spf1 +all", "v=spf1 -all")}))
    envelope = Envelope("bo@example.org", ("r",), "192.0.2.1", "mx")

    assert authorized(envelope, Questions(zones, 5)) is Result.PERMERROR


def test_a_null_reverse_path_says_nothing() -> None:
    """A report has no sender; nobody is asked."""
    zones = Zones({})
    authorized(Envelope("", ("r",), "192.0.2.1", "mx.example.org"), Questions(zones, 5))

    assert zones.asked == []


@pytest.mark.parametrize(
    ("voids", "wanted"),
    [
        pytest.param(2, Result.PASS, id="two"),
        pytest.param(3, Result.PERMERROR, id="three"),
    ],
)
def test_two_void_lookups_are_allowed(voids: int, wanted: Result) -> None:
    """RFC 7208, 4.6.4: a record may not send us after names that are not there."""
    nowhere = " ".join(f"a:v{number}.example.org" for number in range(voids))

    assert result(f"v=spf1 {nowhere} ip4:192.0.2.1 -all") is wanted


@pytest.mark.parametrize(
    ("mechanisms", "wanted"),
    [
        pytest.param(10, Result.PASS, id="ten"),
        pytest.param(11, Result.PERMERROR, id="eleven"),
    ],
)
def test_ten_mechanisms_may_ask(mechanisms: int, wanted: Result) -> None:
    """RFC 7208, 4.6.4: the eleventh that would ask DNS is an error."""
    hosts = [f"h{number}.example.org" for number in range(mechanisms)]
    more: Records = {(host, A): ("198.51.100.1",) for host in hosts[:-1]}
    more[hosts[-1], A] = ("192.0.2.1",)
    terms = " ".join(f"a:{host}" for host in hosts)

    assert result(f"v=spf1 {terms} -all", more) is wanted


def test_includes_that_go_round_end() -> None:
    """A loop is an error after ten steps, not a loop of ours."""
    more = texts(
        {
            "a.example.net": "v=spf1 include:b.example.net",
            "b.example.net": "v=spf1 include:a.example.net",
        }
    )

    assert result("v=spf1 include:a.example.net -all", more) is Result.PERMERROR


def test_a_record_cannot_make_us_ask_a_hundred_questions() -> None:
    """Ten mechanisms of ten hosts each are within the RFC's limits, and beyond ours."""
    more: Records = {}
    for number in range(10):
        hosts = tuple(f"h{number}x{host}.example.org" for host in range(10))
        more[f"m{number}.example.org", MX] = hosts
        more |= {(host, A): ("198.51.100.1",) for host in hosts}
    zones = Zones(
        more
        | texts(
            {
                "example.org": "v=spf1 "
                + " ".join(f"mx:m{number}.example.org" for number in range(10))
                + " -all"
            }
        )
    )
    envelope = Envelope("bo@example.org", ("r",), "192.0.2.1", "mx.example.org")

    assert authorized(envelope, Questions(zones, 5)) is Result.PERMERROR
    assert len(zones.asked) <= 60


def test_eleven_hosts_are_too_many_for_one_domain() -> None:
    """RFC 7208, 4.6.4: more than ten MX hosts are an error."""
    hosts = tuple(f"h{number}.example.org" for number in range(11))
    more: Records = {(host, A): ("192.0.2.1",) for host in hosts}
    more["example.org", MX] = hosts

    assert result("v=spf1 mx -all", more) is Result.PERMERROR


@pytest.mark.parametrize(
    "record",
    [
        pytest.param("v=spf1 a:" + "a" * 8_000 + "! -all", id="one long term"),
        pytest.param("v=spf1 " + ("a:" + "a" * 500 + "! ") * 16 + "-all", id="many long terms"),
        pytest.param("v=spf1 " + "%{s}" * 120 + " -all", id="macros that grow"),
    ],
)
def test_a_hostile_record_costs_little(record: str) -> None:
    """A pattern of pyspf's is quadratic; a record cannot make use of it."""
    assert cost(lambda: result(record)) < 50
