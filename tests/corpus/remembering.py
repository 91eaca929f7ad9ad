"""Read the same people's mails in order, each with what the earlier ones taught, or without."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.address import Keyring
from core.model.known_block import BlocksOf
from core.model.member import Correspondent, Remembered
from core.model.participant import Access
from core.moment import DAY
from gateway.authentication.results import Authentication, Result
from gateway.mail.envelope import Envelope
from gateway.mailboxes.lesson import is_proven, lessons, lessons_of_domain
from gateway.reading import Ask, Depth, known_of, read
from tests.corpus.case import Case
from tests.corpus.metric import Score, score
from tests.corpus.people import Person, in_order, people

_KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)
_PROVEN = Authentication(dmarc=Result.PASS)


@dataclass(slots=True)
class Memory:
    """What is remembered of everybody: packed, by whose and owner."""

    kept: dict[tuple[BlocksOf, str], bytes]

    def of(self, person: Person) -> Correspondent:
        """Return a person with what is remembered of them."""
        domain = person.address.partition("@")[2]
        remembered = Remembered(
            self.kept.get((BlocksOf.PERSON, person.address), b""),
            domain,
            self.kept.get((BlocksOf.DOMAIN, domain), b""),
        )
        return Correspondent(
            "app", "room", person.address, Access.READ_WRITE, None, 0, "strict", person.name,
            (person.address,), "en", None, remembered=remembered,
        )  # fmt: skip

    def learn(self, person: Person, case: Case, day: int) -> str:
        """Read a mail, take what it teaches, and return what it says."""
        named = self.of(person)
        known = known_of(named, _KEYS)
        found = read(case.raw, Envelope(person.address, ()), Ask(Depth.WHOLE, known=known))
        blocks, now = found.reply.blocks, day * DAY
        taught = lessons(named, known, blocks, now)
        if is_proven(named, found.head, _PROVEN):
            taught += lessons_of_domain(named, found.head.author, known, blocks, now)
        for one in taught:
            self.kept[one.whose, one.owner] = one.packed
        return found.text


def scored(*, told: bool) -> Iterator[tuple[Case, Score]]:
    """Give every mail's score, in the order in which they came."""
    memory = Memory({})
    for day, (person, case) in enumerate(in_order(people())):
        if not told:
            memory = Memory({})
        yield case, score(case.parts, memory.learn(person, case, day // 12 * 3))
