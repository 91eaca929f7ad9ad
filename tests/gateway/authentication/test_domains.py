"""Which domains belong together."""

import pytest

from gateway.authentication.domains import (
    aligned,
    is_public_suffix,
    organizational,
    upwards,
)


@pytest.mark.parametrize(
    ("domain", "organization"),
    [
        pytest.param("example.org", "example.org", id="already one"),
        pytest.param("a.b.example.org", "example.org", id="below"),
        pytest.param("mail.example.co.uk", "example.co.uk", id="a suffix of two labels"),
        pytest.param("co.uk", "co.uk", id="a suffix is its own"),
        pytest.param("bo.github.io", "bo.github.io", id="a suffix of a company's"),
        pytest.param("a.www.city.kawasaki.jp", "city.kawasaki.jp", id="an exception to a wildcard"),
        pytest.param("mail.corp.invalid", "corp.invalid", id="an unknown top"),
    ],
)
def test_the_organization_is_one_label_below_a_suffix(domain: str, organization: str) -> None:
    """The public suffix list tells where somebody's own domain begins (RFC 7489, 3.2)."""
    assert organizational(domain) == organization


@pytest.mark.parametrize(
    ("author", "other", "strict", "same"),
    [
        pytest.param("example.org", "example.org", True, True, id="strict: the same"),
        pytest.param("example.org", "mail.example.org", True, False, id="strict: below"),
        pytest.param("example.org", "mail.example.org", False, True, id="relaxed: below"),
        pytest.param("mail.example.org", "example.org", False, True, id="relaxed: above"),
        pytest.param("a.example.org", "b.example.org", False, True, id="relaxed: beside"),
        pytest.param("example.org", "evilexample.org", False, False, id="a common ending"),
        pytest.param("one.co.uk", "two.co.uk", False, False, id="a common public suffix"),
        pytest.param("github.io", "bo.github.io", False, False, id="below a suffix"),
        pytest.param("amazonaws.com", "b.s3.amazonaws.com", False, False, id="a suffix between"),
        pytest.param("victim.com", "victim.com-evil.net", False, False, id="a hyphen"),
    ],
)
def test_alignment(author: str, other: str, *, strict: bool, same: bool) -> None:
    """A domain speaks for another of the same organization, or strictly for itself alone."""
    assert aligned(author, other, strict=strict) is same


def test_only_suffixes_are_public() -> None:
    """Anybody may register below a suffix, and below nothing else."""
    assert is_public_suffix("co.uk")
    assert not is_public_suffix("example.co.uk")


def test_the_walk_upwards_is_bounded() -> None:
    """However many labels a stranger's name has, eight names are asked for (RFC 9989, 4.10)."""
    assert upwards("a.example.org") == ["a.example.org", "example.org", "org"]
    assert upwards("l.k.j.i.h.g.f.e.d.c.b.a")[:3] == [
        "l.k.j.i.h.g.f.e.d.c.b.a", "g.f.e.d.c.b.a", "f.e.d.c.b.a",
    ]  # fmt: skip
    assert len(upwards(".".join("abcdefghijklmnop"))) == 8
