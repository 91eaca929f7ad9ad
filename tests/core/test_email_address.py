"""One mailbox has one reading, and no two mailboxes share it."""

import pytest

from core.email_address import comparable, domain_of, is_mailbox, suggestion, wire_form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Bo@Example.ORG", "bo@example.org", id="case"),
        pytest.param("bo@straße.de", "BO@xn--strae-oqa.de", id="letters and A-labels"),
        pytest.param("bo@βόλος.com", "bo@ΒΌΛΟς.com", id="big Greek letters"),
        pytest.param('"bo"@example.org', "bo@example.org", id="quotes"),
        pytest.param("bo@example.org.", "bo@example.org", id="the root"),
        pytest.param(" bo@example.org ", "bo@example.org", id="blanks around"),
        pytest.param("jose\u0301@example.org", "jos\u00e9@example.org", id="a mark apart"),
    ],
)
def test_spellings_of_one_mailbox(one: str, other: str) -> None:
    """However it is written, it is the same person's."""
    assert comparable(one) == comparable(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("bo@straße.de", "bo@strasse.de", id="a domain with a sharp s"),
        pytest.param("bo@βόλος.com", "bo@βόλοσ.com", id="a final sigma"),
        pytest.param("straße@x.example", "strasse@x.example", id="a local part with a sharp s"),
        pytest.param("bo\u212a@x.example", "bok@x.example", id="the Kelvin sign"),
        pytest.param("\u0130b@x.example", "ib@x.example", id="a Turkish I"),
        pytest.param("ﬁ@x.example", "fi@x.example", id="a ligature"),
        pytest.param("\uff42o@x.example", "bo@x.example", id="full width"),
        pytest.param("bo@क्\u200dष.com", "bo@क्ष.com", id="a joiner"),
        pytest.param("bo", "bo@x.example", id="no address"),
    ],
)
def test_two_mailboxes_are_two(one: str, other: str) -> None:
    """Nobody writes as the owner of a name that only looks like theirs."""
    assert comparable(one) != comparable(other)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        pytest.param("bo@\uff45xample.com", "bo@example.com", id="full width"),
        pytest.param("bo@bücher。de", "bo@xn--bcher-kva.de", id="an ideographic dot"),
        pytest.param("bo@i❤.ws", "bo@xn--i-7iq.ws", id="an emoji"),
        pytest.param("<bo@example.com>", "bo@example.com", id="in brackets"),
        pytest.param('"bo"@example.com', "bo@example.com", id="in quotes"),
        pytest.param("jose\u0301@example.com", "jos\u00e9@example.com", id="a mark apart"),
        pytest.param("bo@example.com.", "bo@example.com", id="the root"),
        pytest.param("bo@क्\u200dष.com", "bo@xn--11b2ezcw70k.com", id="a joiner"),
        pytest.param("bo", None, id="no address"),
        pytest.param("b o@example.com", None, id="a blank"),
        pytest.param("bo@a..b", None, id="an empty label"),
        pytest.param("bo@" + "ä" * 1_000_000, None, id="a megabyte"),
    ],
)
def test_what_is_refused_comes_with_a_suggestion(text: str, near: str | None) -> None:
    """Which itself is taken."""
    assert not is_mailbox(text)
    assert suggestion(text) == near
    assert near is None or is_mailbox(near)


@pytest.mark.parametrize("address", ["bo@straße.de", "bo@faß.at", "bo@βόλος.com", "bo@почта.рф"])
def test_a_digest_goes_to_the_domain_that_was_named(address: str) -> None:
    """And not to the one that IDNA2003 would make of it."""
    assert is_mailbox(address)
    assert wire_form(address).isascii()
    assert "ss" not in wire_form(address).rpartition("@")[2]
    assert comparable(wire_form(address)) == comparable(address)


UNSEEN = (0x34F, 0x115F, 0x1160, 0x17B4, 0x180B, 0x2800, 0x3164, 0xFE0F, 0xFFA0, 0xE0100, 0xE0FFF)


@pytest.mark.parametrize("sign", [chr(one) for one in UNSEEN], ids=ascii)
def test_an_unseen_sign_is_in_nobodys_address(sign: str) -> None:
    """Whatever Unicode calls it, and wherever it stands."""
    assert is_mailbox("bó@example.org")
    for local in (f"b{sign}ó", f"{sign}bó", f"bó{sign}", f"bó{sign}{sign}"):
        assert not is_mailbox(f"{local}@example.org")
        assert not is_mailbox(f"{'x' * 1_000_000}{local}@example.org")


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        pytest.param("bo@Example.ORG", "example.org", id="case does not matter"),
        pytest.param("bo@example.org.", "example.org", id="a final dot"),
        pytest.param('"a@b"@example.org', "example.org", id="an at sign in the local part"),
        pytest.param("bo@bücher.example", "xn--bcher-kva.example", id="an international name"),
        pytest.param("x@victim.com-evil.net", "victim.com-evil.net", id="a hyphen ends nothing"),
        pytest.param("bo", "", id="a domain alone is no address"),
        pytest.param("bo@", "", id="no domain"),
        pytest.param("bo@a..b", "", id="an empty label"),
        pytest.param("bo@[192.0.2.1]", "", id="an address literal"),
        pytest.param("bo@" + "ü" * 70 + ".example", "", id="a label that is too long"),
        pytest.param("bo@" + "a." * 200 + "b", "", id="a name that is too long"),
        pytest.param("bo@exa mple.org", "", id="a blank"),
        pytest.param("@example.org", "example.org", id="no local part"),
    ],
)
def test_an_address_has_one_domain_or_none(address: str, domain: str) -> None:
    """What stands after the last at sign, in the form DNS has it."""
    assert domain_of(address) == domain
