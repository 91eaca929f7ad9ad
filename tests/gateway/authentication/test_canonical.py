"""The octets of a mail, as signatures see them: the same as dkimpy's reading, in linear time."""

import hashlib

import pytest
from dkim.canonicalization import Relaxed, Simple
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.authentication.canonical import canonical, split
from tests.support.cost import cost

PARTS = st.lists(st.sampled_from([b"a", b" ", b"\t", b"\r\n", b"\n", b"\r", b"bc", b"\r\n\r\n"]))


@given(parts=PARTS, relaxed=st.booleans())
@settings(deadline=None)
def test_a_body_is_canonical_as_the_rfc_says(parts: list[bytes], *, relaxed: bool) -> None:
    """Whatever a body is made of, ours is what dkimpy makes of it (RFC 6376, 3.4)."""
    body = b"".join([*parts, b"\r\n"])
    ends = b"\r\n".join(body.replace(b"\r\n", b"\n").split(b"\n"))
    wanted = (Relaxed if relaxed else Simple).canonicalize_body(ends)

    assert b"".join(canonical(body, 0, relaxed=relaxed)) == wanted


@pytest.mark.parametrize("relaxed", [True, False])
def test_a_long_body_in_pieces_is_one_body(*, relaxed: bool) -> None:
    """Where a piece ends makes no difference, nor do the empty lines around it."""
    body = (b"a  line \r\n" + b"\r\n" * 40_000 + b"x" * 70_000 + b" \t\r\n") * 3 + b"\r\n" * 90_000
    wanted = (Relaxed if relaxed else Simple).canonicalize_body(body)
    letter = split(b"A: b\r\n\r\n" + body)

    assert letter is not None
    assert letter.digest(relaxed=relaxed) == (hashlib.sha256(wanted).digest(), len(wanted))


def test_blanks_cost_no_more_than_letters() -> None:
    """Peers 7: a megabyte of blanks, which is quadratic elsewhere, is read in no time."""
    letter = split(b"A: b\r\n\r\n" + (b" \t" * 30_000 + b"x\r\n") * 17)
    assert letter is not None

    assert cost(lambda: letter.digest(relaxed=True)) < 50


@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        pytest.param(b"A: 1\r\nB:2\r\n\r\nx", ((b"A", b" 1\r\n"), (b"B", b"2\r\n")), id="plain"),
        pytest.param(b"A: 1\nB: 2\n\nx", ((b"A", b" 1\r\n"), (b"B", b" 2\r\n")), id="LF alone"),
        pytest.param(b"A: 1\r\n\t2\r\n\r\n", ((b"A", b" 1\r\n\t2\r\n"),), id="folded"),
        pytest.param(b"A: 1", ((b"A", b" 1\r\n"),), id="no body"),
        pytest.param(b"From bo Tue\r\nA: 1\r\n\r\n", ((b"A", b" 1\r\n"),), id="an mbox's line"),
    ],
)
def test_fields_are_kept_as_they_were_folded(
    raw: bytes, fields: tuple[tuple[bytes, bytes], ...]
) -> None:
    """A signature covers the very octets of a field."""
    letter = split(raw)

    assert letter is not None
    assert letter.fields == fields


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"A: 1\r\nno field\r\n\r\nx", id="a line that is no field"),
        pytest.param(b"A : 1\r\n\r\nx", id="a blank before the colon"),
        pytest.param(b"A: 1\rFrom: x@example.org\r\n\r\nx", id="a CR that may end a line or not"),
        pytest.param(b" A: 1\r\n\r\nx", id="a continuation of nothing"),
        pytest.param(b"\r\nx", id="no fields"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_can_be_read_in_two_ways_is_not_read(raw: bytes) -> None:
    """Nothing is proven by a header block in which another reader may see another author."""
    assert split(raw) is None


def test_a_body_without_a_last_line_end_gets_one() -> None:
    """A mail that came without its last CR LF is hashed as if it had it (RFC 6376, 3.4.3)."""
    assert b"".join(canonical(b"one\ntwo", 0, relaxed=False)) == b"one\r\ntwo\r\n"
