"""Mails of one part whose headers and octets are written by hand, and what is read in them."""

from gateway.reading import Ask, Depth, read
from tests.support.letters import HEAD
from tests.support.reading import ENVELOPE

WHOLE = Ask(Depth.WHOLE)
BEHIND = b"An older line of words, without end. " * 27 + b"\r\n"


def one_part(octets: bytes, *headers: str) -> bytes:
    """Write a mail with these headers below the usual ones."""
    head = HEAD + "".join(f"{one}\r\n" for one in headers)
    return head.encode("utf-8", "surrogateescape") + b"\r\n" + octets


def words_in(octets: bytes, *headers: str, ask: Ask = WHOLE) -> str:
    """Return what a mail of one part says."""
    return read(one_part(octets, *headers), ENVELOPE, ask).text


def bad_copies(octets: bytes) -> tuple[bytes, bytes, bytes]:
    """Return octets cut in the middle, doubled, and behind a megabyte of other text."""
    return octets[: len(octets) // 2], octets + octets, BEHIND * 1_000 + octets
