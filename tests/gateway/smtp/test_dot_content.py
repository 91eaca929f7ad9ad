"""The content ends where it must, and nowhere else."""

import sys
from types import FrameType

import pytest

from gateway.smtp.dot_content import Content

WHOLE = b"Subject: x\r\n\r\n..dots\r\n.. and more\r\nlast\r\n"


def _content() -> Content:
    return Content(most_octets=1_000, longest_line=100)


@pytest.mark.parametrize("split", range(1, len(WHOLE) + 4))
def test_the_end_is_found_wherever_the_line_is_cut(split: int) -> None:
    """Two TCP segments cut anywhere give the same content and the same rest."""
    octets = WHOLE + b".\r\nNOOP\r\n"
    content = _content()

    rest = content.feed(octets[:split])
    rest = content.feed(octets[split:]) if rest is None else rest + octets[split:]

    assert rest == b"NOOP\r\n"
    assert content.octets == b"Subject: x\r\n\r\n.dots\r\n. and more\r\nlast\r\n"


@pytest.mark.parametrize(
    "almost",
    [
        b"\n.\n",
        b"\n.\r\n",
        b"\r.\r",
        b"\r\n.\n",
        b"\r\n.\r",
        b"\n.\r",
        b"\r\n\0.\r\n",
    ],
)
def test_nothing_else_ends_it(almost: bytes) -> None:
    """The sequences of smuggling are content, and what is bare in them is seen."""
    content = _content()

    assert content.feed(b"x" + almost + b"MAIL FROM:<>") is None
    assert content.feed(b"\r\n.\r\n") == b""
    assert content.has_bare_newline is (b"\0" not in almost)


def test_what_is_too_big_is_forgotten_while_it_comes() -> None:
    """Beyond the limit memory stays bounded, and the end is still found."""
    content = _content()
    for _ in range(100):
        assert content.feed(b"y" * 1_000) is None

    assert content.feed(b"\r\n.\r\nQUIT\r\n") == b"QUIT\r\n"
    assert content.too_big
    assert len(content.octets) < 2_000


@pytest.mark.parametrize(
    ("octets", "too_big"),
    [
        pytest.param(1_000, False, id="just the limit"),
        pytest.param(1_001, True, id="one octet more"),
    ],
)
def test_what_comes_with_its_end_is_measured_too(octets: int, too_big: bool) -> None:  # noqa: FBT001
    """A content that is whole in one segment is held to the limit like any other."""
    content = _content()
    content.feed(b"y" * (octets - 2) + b"\r\n.\r\n")

    assert content.too_big is too_big


def test_an_empty_content_is_nothing() -> None:
    """A dot at once is a mail of no octets."""
    content = _content()

    assert content.feed(b".\r\n") == b""
    assert content.octets == b""


def test_a_long_line_is_seen() -> None:
    """A line longer than the limit is refused, though the whole is small."""
    content = _content()
    content.feed(b"z" * 101 + b"\r\n.\r\n")

    assert content.has_long_line


def test_a_content_is_kept_once() -> None:
    """Asked for what was written, for each recipient anew, it holds nothing beside it."""
    content = _content()
    content.feed(WHOLE + b".\r\n")

    assert content.octets is content.octets
    assert content.held == 0


def test_many_short_lines_cost_no_step_each() -> None:
    """Whether a line is too long is asked of the whole content, whatever its lines are like."""
    content = Content(most_octets=1_000_000, longest_line=1_000)
    content.feed(b"\r\n" * 100_000)
    steps = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal steps
        steps += event == "c_call"

    sys.setprofile(count)
    found = content.has_long_line
    sys.setprofile(None)

    assert not found
    assert steps < 1_000


@pytest.mark.parametrize("at", [0, 1, 998, 999, 1_000, 5_000])
def test_a_long_line_is_seen_wherever_it_begins(at: int) -> None:
    """No step over the content passes over it; one octet less is no long line."""
    before = (b"y" * 97 + b"\r\n") * 60
    content, shorter = (Content(most_octets=100_000, longest_line=1_000) for _ in range(2))
    content.feed(before[-at:] * bool(at) + b"\r\n" + b"z" * 1_001 + b"\r\n.\r\n")
    shorter.feed(before[-at:] * bool(at) + b"\r\n" + b"z" * 1_000 + b"\r\n.\r\n")

    assert content.has_long_line
    assert not shorter.has_long_line
