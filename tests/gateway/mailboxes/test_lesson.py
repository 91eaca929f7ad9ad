"""A domain's list counts mailboxes: whoever has many users or many spellings counts once."""

import pytest

from core.model.known_block import BlocksOf
from core.model.member import Correspondent, Remembered
from core.model.participant import Access
from core.rules import block_memory
from gateway.mailboxes.lesson import lessons_of_domain
from gateway.quote.known import Digests
from gateway.reading import known_of
from tests.support.reception import KEYS

BLOCK = "what all of them write"
ONE_MAILBOX = {
    "the same": ("m@uni.example", "m@uni.example", "m@uni.example"),
    "letters of two cases": ("mallory@uni.example", "Mallory@uni.example", "MALLORY@UNI.EXAMPLE"),
    "details": ("mallory@uni.example", "mallory+one@uni.example", "mallory+two@uni.example"),
    "dots": ("mallory@uni.example", "mal.lory@uni.example", "m.a.l.l.o.r.y@uni.example"),
    "all of it": ("mallory@uni.example", "Mal.lory+x@uni.example", "M.allory+y+z@Uni.example"),
    "the dot of the root": ("m@uni.example", "m@uni.example.", "m+1@uni.example."),
    "a domain in other letters": (
        "m@bücher.example", "m@xn--bcher-kva.example", "m+x@BÜCHER.example"
    ),
}  # fmt: skip


def _shared(authors: tuple[str, ...], *, others: tuple[str, ...] = ()) -> int:
    """Return how many blocks a domain shares after two mails of each author, users of their own."""
    packed = b""
    for number, author in enumerate(authors):
        named = Correspondent(
            "app", "room", f"user{number}", Access.READ_WRITE, None, 0, "strict", "M",
            (*others, author), "en", None, remembered=Remembered(b"", "uni.example", packed),
        )  # fmt: skip
        known = known_of(named, KEYS)
        block = Digests(
            block_memory.digest_of(BLOCK, known.key),
            block_memory.digest_of(BLOCK, known.shared_key),
        )
        object.__setattr__(known, "times", {block.person: 1})
        for lesson in lessons_of_domain(named, author, known, (block,), 0):
            assert lesson.whose is BlocksOf.DOMAIN
            packed = lesson.packed
    return len(block_memory.of_domain(packed))


@pytest.mark.parametrize("authors", ONE_MAILBOX.values(), ids=ONE_MAILBOX)
def test_one_mailbox_shares_nothing(authors: tuple[str, ...]) -> None:
    """Three users of an app that are one person teach as one."""
    assert _shared(authors) == 0


def test_the_mailbox_that_wrote_counts_not_the_first_on_record() -> None:
    """Other addresses of a user's may be nobody's."""
    authors = tuple(f"mallory+{number}@uni.example" for number in range(3))

    assert _shared(authors, others=("one@uni.example", "two@uni.example")) == 0


def test_three_mailboxes_share() -> None:
    """Three people are enough for what is put below everybody's mails."""
    assert _shared(("ann@uni.example", "bo@uni.example", "cy@uni.example")) == 1


def test_who_is_erased_takes_back_what_any_address_of_theirs_taught() -> None:
    """By their mailboxes, and by their id, by which older lists count them."""
    secrets = list(KEYS.keys.values())
    marks = block_memory.marks_of(secrets, "app", "bo", ["B.o+x@uni.example", "bo@b.example"])

    assert marks == {
        block_memory.mark_of(secret, "app", name)
        for secret in secrets
        for name in ("bo", "bo@uni.example", "bo@b.example")
    }
