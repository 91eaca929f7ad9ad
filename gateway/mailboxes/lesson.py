"""What does a mail teach of how its author's mails end?

Only a mail that is posted teaches: what is held, or doubted, may be somebody else's, and nobody
may teach us to fold another's words. A domain's list learns only from mails whose author is proven
(DMARC or ARC passed), what stood in two mails of one mailbox at least, and not where the domain is
a provider's: its people have nothing in common.
"""

from core.email_address import domain_of
from core.model.known_block import BlocksOf
from core.model.member import Correspondent
from core.moment import Moment
from core.rules import block_memory
from core.store.known_blocks import Lesson
from gateway.authentication.results import Authentication, Result
from gateway.mail.head import Head
from gateway.quote.known import Digests, Known
from gateway.quote.words import words


def lessons(
    named: Correspondent, known: Known | None, blocks: tuple[Digests, ...], now: Moment
) -> list[Lesson]:
    """Return what a mail with these blocks teaches of its author; nothing without ``known``."""
    if known is None or not blocks:
        return []
    before = named.remembered.person
    packed = block_memory.learnt(before, [one.person for one in blocks], known.place, now)
    return _changed(named.app_id, BlocksOf.PERSON, named.user_id, before, packed)


def lessons_of_domain(
    named: Correspondent,
    author: str | None,
    known: Known | None,
    blocks: tuple[Digests, ...],
    now: Moment,
) -> list[Lesson]:
    """Return what a mail teaches of the domain of its author, who ``is_proven``."""
    mark = known.marks.get(block_memory.undivided(author or "")) if known else None
    if known is None or mark is None:
        return []
    again = [one.domain for one in blocks if one.person in known.times]
    if not again:
        return []
    before, domain = named.remembered.shared, named.remembered.domain
    packed = block_memory.learnt_of_domain(before, again, mark, now)
    return _changed(named.app_id, BlocksOf.DOMAIN, domain, before, packed)


def is_proven(named: Correspondent, head: Head, proof: Authentication) -> bool:
    """Tell whether a mail is shown to come from the domain of which its author's people are."""
    domain = named.remembered.domain
    author = domain_of(head.author or "")
    passed = Result.PASS in (proof.dmarc, proof.arc)
    return passed and bool(domain) and author == domain and not is_provider(domain)


def is_provider(domain: str) -> bool:
    """Tell whether anybody may have an address at a domain."""
    first = domain.partition(".")[0]
    return domain in words("providers", "domains") or first in words("providers", "families")


def _changed(
    app_id: str, whose: BlocksOf, owner: str, before: bytes, packed: bytes
) -> list[Lesson]:
    if packed == before:
        return []
    oldest = block_memory.oldest(packed, whose)
    return [Lesson(app_id, whose, owner, before, packed, oldest)]
