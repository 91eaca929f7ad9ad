"""A list of known blocks is bounded, counts mails and people, and gives back what is asked."""

import hashlib

import pytest

from core.model.known_block import BlocksOf
from core.moment import DAY
from core.rules import block_memory as memory
from core.rules.block_memory import MOST_OF_DOMAIN, MOST_OF_PERSON, OFTEN, SHARED_BY

KEY = b"0123456789abcdef"


def _digest(name: object) -> bytes:
    return memory.digest_of(str(name), KEY)


_HERE = memory.place_of("room", KEY)


def _mark(name: object) -> bytes:
    return memory.mark_of(KEY, "app", str(name))


def _shared(packed: bytes, name: str, *people: str, day: int = 100) -> bytes:
    for person in people:
        packed = memory.learnt_of_domain(packed, [_digest(name)], _mark(person), day * DAY)
    return packed


def test_a_block_counts_once_a_mail_and_never_beyond_what_is_asked() -> None:
    """Two in one mail are one; and after enough mails nothing is counted any more."""
    packed, seen = b"", []
    for _ in range(OFTEN + 2):
        packed = memory.learnt(packed, [_digest("sig"), _digest("sig")], _HERE, 100 * DAY)
        seen.append(memory.of_person(packed)[_digest("sig")])

    assert seen == [1, 2, 3, 4, 5, 5, 5]


def test_what_is_known_well_enough_is_not_written_again_that_day() -> None:
    """The list of an ordinary mail stays as it is, to the octet."""
    blocks = [_digest("card"), _digest("law")]
    packed = b""
    for _ in range(OFTEN):
        packed = memory.learnt(packed, blocks, _HERE, 100 * DAY)
    shared = _shared(b"", "law", "ann", "bo", "cy")

    assert memory.learnt(packed, blocks, _HERE, 100 * DAY + 1) == packed
    assert memory.learnt(packed, blocks, _HERE, 101 * DAY) != packed
    assert _shared(shared, "law", "di") == shared


def test_ten_thousand_mails_leave_a_short_list_that_keeps_what_is_in_use() -> None:
    """New blocks make room for each other, and never for the signature."""
    packed = b""
    for number in range(10_000):
        new = [_digest((number, place)) for place in range(5)]
        packed = memory.learnt(packed, [*new, _digest("sig")], _HERE, number * DAY // 100)

    assert len(memory.of_person(packed)) == MOST_OF_PERSON
    assert memory.of_person(packed)[_digest("sig")] == OFTEN
    assert len(packed) < 200


def test_a_domain_shares_what_enough_people_wrote() -> None:
    """Mails of one person count once; the third person makes it shared."""
    two = _shared(b"", "law", "ann", "ann", "ann", "bo")
    three = _shared(two, "law", "cy")

    assert memory.of_domain(two) == frozenset()
    assert memory.of_domain(three) == {_digest("law")}


def test_a_domains_list_is_bounded_and_keeps_what_is_in_use() -> None:
    """A thousand people with a card each do not push out what all of them write."""
    packed = b""
    for number in range(1_000):
        blocks = [_digest(number), _digest("law")]
        packed = memory.learnt_of_domain(packed, blocks, _mark(number), number * DAY)

    assert memory.of_domain(packed) == {_digest("law")}
    assert len(packed) <= MOST_OF_DOMAIN * (8 + 2 + SHARED_BY * 6)


def test_who_is_erased_is_no_longer_counted() -> None:
    """What only they wrote goes; what others wrote counts one person less."""
    packed = _shared(b"", "law", "ann", "bo", "cy")
    packed = _shared(packed, "card", "bo")
    left = memory.without(packed, {_mark("bo")})
    alone = memory.without(memory.without(left, {_mark("ann")}), {_mark("cy")})

    assert _digest("card") in packed
    assert _digest("card") not in left
    assert _mark("bo") not in left
    assert memory.of_domain(left) == frozenset()
    assert memory.of_domain(_shared(left, "law", "di")) == {_digest("law")}
    assert alone == b""


@pytest.mark.parametrize("whose", list(BlocksOf))
def test_what_stood_in_no_mail_for_long_goes(whose: BlocksOf) -> None:
    """The oldest tells when the list must be looked at; what is younger stays."""
    if whose is BlocksOf.PERSON:
        packed = memory.learnt(b"", [_digest("old")], _HERE, 10 * DAY)
        packed = memory.learnt(packed, [_digest("new")], _HERE, 20 * DAY)
    else:
        packed = _shared(b"", "old", "ann", day=10)
        packed = _shared(packed, "new", "ann", day=20)
    left = memory.younger(packed, whose, 15 * DAY)

    assert memory.oldest(packed, whose) == 10 * DAY
    assert _digest("old") not in left
    assert _digest("new") in left
    assert memory.oldest(left, whose) == 20 * DAY
    assert memory.younger(left, whose, 21 * DAY) == b""


def test_digests_are_of_their_owner_alone() -> None:
    """Without the secret nothing can be guessed; two people's are not alike."""
    keys = {
        memory.key_of(KEY, "app", "person", "ann"),
        memory.key_of(KEY, "app", "person", "bo"),
        memory.key_of(KEY, "other", "person", "ann"),
        memory.key_of(KEY, "app", "domain", "ann"),
        memory.key_of(b"another secret..", "app", "person", "ann"),
    }
    digests = {memory.digest_of("0171 234567", key) for key in keys}
    plain = hashlib.blake2b(b"0171 234567", digest_size=8).digest()

    assert len(keys) == len(digests) == 5
    assert plain not in digests


def test_the_place_of_a_block_is_where_it_stood_last() -> None:
    """A card that was given to one conversation is none that another has read."""
    there = memory.place_of("other", KEY)
    packed = memory.learnt(b"", [_digest("card")], _HERE, DAY)
    moved = memory.learnt(packed, [_digest("card")], there, DAY)

    assert memory.of_place(packed, _HERE) == {_digest("card")}
    assert memory.of_place(packed, there) == frozenset()
    assert memory.of_place(moved, _HERE) == frozenset()
    assert memory.of_person(moved) == {_digest("card"): 2}
