"""Which blocks ended this person's mails before, and which do several people of a domain share?

A block is a signature, a disclaimer, a banner: some lines that stand word for word in one mail
after another. Remembered is a digest under a secret of the install, never a word: what is short,
as a telephone number, could be guessed from a plain digest. Each person and each domain has a key
of its own, so that nobody can tell who writes alike.

A person's list and a domain's are bounded: what stood in no mail for the longest time makes room.
A domain's counts mailboxes, not mails, by a mark under the same secret: enough to take somebody's
part back when they are erased, and too little to tell who they are.

The trap: an app may have many users of one mailbox, and a mailbox many spellings. Whoever counts
those lets one person say what a whole firm is thought to write.

Another: this is written with every mail, and a hot row is the dearest thing in a database. What
is known well enough is not written again on the same day, and its place in the list stays.
"""

import hashlib
import struct
from collections.abc import Collection, Iterable, Sequence

from core.email_address import comparable
from core.model.known_block import BlocksOf
from core.moment import DAY, Moment

MOST_OF_PERSON = 12
MOST_OF_DOMAIN = 64
SHARED_BY = 3  # mailboxes of a domain: fewer may be a couple, or one person with two accounts
OFTEN = 5  # mails: nobody asks for more
_DIGEST = 8
_MARK = 6
_NOBODY = bytes(_MARK)
_PLACE = 2
# Digest, the day it stood in a mail last, in how many it did, and in which conversation last.
_PERSONS = struct.Struct(f">{_DIGEST}sHB{_PLACE}s")
_DOMAINS = struct.Struct(f">{_DIGEST}sH{SHARED_BY * _MARK}s")  # digest, day, whose, with zeros


def key_of(secret: bytes, *owner: str) -> bytes:
    """Return the key for the blocks of one owner: app, whose, and the owner's name."""
    return hashlib.blake2b(_joined(owner), key=secret[:64], digest_size=32).digest()


def digest_of(block: str, key: bytes) -> bytes:
    """Return what is remembered of a block: 64 bits of BLAKE2b with a key (RFC 7693, 2.9)."""
    return hashlib.blake2b(block.encode(), key=key, digest_size=_DIGEST).digest()


def mark_of(secret: bytes, app_id: str, whose: str) -> bytes:
    """Return by what a domain's list counts the owner of an ``undivided`` mailbox.

    Lists of before counted users by their ids.
    """
    said = _joined(("mark", app_id, whose))
    return hashlib.blake2b(said, key=secret[:64], digest_size=_MARK).digest()


def undivided(address: str) -> str:
    """Return what all addresses share that their host may put into one mailbox.

    Those with a detail behind a plus (RFC 5233, 3), and those with dots elsewhere, which a large
    host of other people's domains leaves out.
    """
    local, _, domain = comparable(address).rpartition("@")
    name = local.partition("+")[0].replace(".", "")
    return f"{name or local}@{domain}"


def marks_of(
    secrets: Iterable[bytes], app_id: str, user_id: str, addresses: Collection[str]
) -> frozenset[bytes]:
    """Return by what any list may count a user with these addresses, under each secret."""
    names = {user_id, *map(undivided, addresses)}
    return frozenset(mark_of(secret, app_id, name) for secret in secrets for name in names)


def of_person(packed: bytes) -> dict[bytes, int]:
    """Return a person's blocks: digest, and in how many mails it stood, at most OFTEN."""
    return {digest: times for digest, _, times, _ in _PERSONS.iter_unpack(packed)}


def of_place(packed: bytes, place: bytes) -> frozenset[bytes]:
    """Return those of a person's blocks that stood last in a mail to this conversation."""
    return frozenset(
        digest for digest, _, _, where in _PERSONS.iter_unpack(packed) if where == place
    )


def place_of(conversation_id: str, key: bytes) -> bytes:
    """Return by what a person's list knows a conversation, under the key of their blocks."""
    return hashlib.blake2b(conversation_id.encode(), key=key, digest_size=_PLACE).digest()


def of_domain(packed: bytes) -> frozenset[bytes]:
    """Return the blocks that enough people of a domain share."""
    entries = _DOMAINS.iter_unpack(packed)
    return frozenset(digest for digest, _, marks in entries if marks[-_MARK:] != _NOBODY)


def learnt(packed: bytes, digests: Iterable[bytes], place: bytes, now: Moment) -> bytes:
    """Return a person's list after one more mail, with these blocks, to a conversation."""
    today, known = now // DAY, {one[0]: one for one in _PERSONS.iter_unpack(packed)}
    new = []
    for digest in dict.fromkeys(digests):
        _, _, times, _ = known.pop(digest, (digest, today, 0, place))
        new.append((digest, today, min(times + 1, OFTEN), place))
    return _pack(_PERSONS, [*new, *known.values()], MOST_OF_PERSON)


def learnt_of_domain(packed: bytes, digests: Iterable[bytes], mark: bytes, now: Moment) -> bytes:
    """Return a domain's list after a mail of one person, with these blocks.

    What enough people share and stands in the first half keeps its place: else each mail of a
    large firm would write the list anew.
    """
    today, entries = now // DAY, list(_DOMAINS.iter_unpack(packed))
    places = {one[0]: place for place, one in enumerate(entries)}
    for digest in dict.fromkeys(digests):
        place = places.get(digest)
        marks = _split(entries[place][2]) if place is not None else ()
        if mark not in marks and len(marks) < SHARED_BY:
            marks = (*marks, mark)
        now_said = (digest, today, b"".join(marks))
        if place is not None and place < MOST_OF_DOMAIN // 2:
            entries[place] = now_said
        else:
            entries = [now_said, *(one for one in entries if one[0] != digest)]
            places = {one[0]: at for at, one in enumerate(entries)}
    return _pack(_DOMAINS, entries, MOST_OF_DOMAIN)


def younger(packed: bytes, whose: BlocksOf, before: Moment) -> bytes:
    """Return a list without what stood in no mail since a moment."""
    shape = _shape(whose)
    return b"".join(shape.pack(*one) for one in shape.iter_unpack(packed) if one[1] * DAY >= before)


def without(packed: bytes, marks: Collection[bytes]) -> bytes:
    """Return a domain's list without a person's part in it."""
    left = []
    for digest, day, theirs in _DOMAINS.iter_unpack(packed):
        others = tuple(one for one in _split(theirs) if one not in marks)
        if others:
            left.append((digest, day, b"".join(others)))
    return _pack(_DOMAINS, left, MOST_OF_DOMAIN)


def oldest(packed: bytes, whose: BlocksOf) -> Moment:
    """Return the beginning of the day on which the oldest block stood in a mail last."""
    days = [one[1] for one in _shape(whose).iter_unpack(packed)]
    return min(days, default=0) * DAY


def _shape(whose: BlocksOf) -> struct.Struct:
    return _DOMAINS if whose is BlocksOf.DOMAIN else _PERSONS


def _pack(shape: struct.Struct, entries: Sequence[tuple[object, ...]], most: int) -> bytes:
    return b"".join(shape.pack(*one) for one in entries[:most])


def _split(marks: bytes) -> tuple[bytes, ...]:
    """Return the marks of an entry."""
    pieces = (marks[at : at + _MARK] for at in range(0, len(marks), _MARK))
    return tuple(one for one in pieces if len(one) == _MARK and any(one))


def _joined(words: Iterable[str]) -> bytes:
    return "\0".join(words).encode()
