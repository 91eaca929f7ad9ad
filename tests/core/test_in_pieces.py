"""Octets in pieces: none is missing, none comes twice but those that are shared."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.in_pieces import PIECE, pieces


@pytest.mark.parametrize(
    ("octets", "size", "shared", "expected"),
    [
        pytest.param(b"", 4, 0, [], id="nothing"),
        pytest.param(b"", 4, 2, [], id="nothing, shared"),
        pytest.param(b"abcd", 4, 0, [b"abcd"], id="one"),
        pytest.param(b"abcde", 4, 0, [b"abcd", b"e"], id="one and a bit"),
        pytest.param(b"abcdefgh", 4, 0, [b"abcd", b"efgh"], id="two"),
        pytest.param(b"abcdef", 4, 2, [b"abcdef"], id="what two share is no piece of its own"),
        pytest.param(b"abcdefg", 4, 2, [b"abcdef", b"efg"], id="two that share"),
        pytest.param(b"abcdefg", 2, 3, [b"abcde", b"cdefg"], id="more is shared than not"),
        pytest.param(b"abc", 1, 0, [b"a", b"b", b"c"], id="one by one"),
    ],
)
def test_pieces(octets: bytes, size: int, shared: int, expected: list[bytes]) -> None:
    """Of octets and of a view of them alike."""
    assert list(pieces(octets, size, shared)) == expected
    assert list(pieces(memoryview(octets), size, shared)) == expected


def test_a_piece_is_64_kilobytes_unless_said() -> None:
    """The last one what is left."""
    assert [len(one) for one in pieces(bytes(PIECE + 1))] == [64 * 1024, 1]


@given(some.binary(max_size=60), some.integers(1, 9), some.integers(0, 9))
def test_together_they_are_all(octets: bytes, size: int, shared: int) -> None:
    """Cut to its size, each goes on where the one before ends; what is short is whole in one."""
    found = list(pieces(octets, size, shared))
    whole = b"".join(one[:size] for one in found[:-1]) + b"".join(found[-1:])
    short = {octets[at : at + shared + 1] for at in range(len(octets) - shared)}

    assert whole == octets
    assert all(any(one in piece for piece in found) for one in short)
