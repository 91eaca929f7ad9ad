"""Did the author's domain send this mail? SPF, DKIM, DMARC and ARC, in one verdict each.

DMARC joins the others: it passes if a domain that speaks for the author is proven by SPF or by a
signature (RFC 7489, 4.2). What cannot count is not looked up, and once DMARC has passed ARC is
not asked. The libraries block, so they work in a few threads of their own, which are shared out by
authors' domains (``domain_turns``). All questions of one mail share one deadline, from when its
work begins, and without an answer in time the result is TEMPERROR, never a guess.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field

from core.email_address import domain_of
from gateway.authentication.canonical import split
from gateway.authentication.coverage import Addressed
from gateway.authentication.dmarc import Demands, demands
from gateway.authentication.domain_turns import DomainTurn, DomainTurns
from gateway.authentication.domains import aligned, organizational
from gateway.authentication.resolver import Questions, Resolver, Unanswered
from gateway.authentication.results import Authentication, Result, Source
from gateway.authentication.reverse_path import authorized
from gateway.authentication.seals import vouched
from gateway.authentication.signatures import Signers, signers
from gateway.mail.envelope import Envelope


@dataclass(frozen=True, slots=True)
class Means:
    """What checking takes: DNS, threads, the time a mail may take, and whose seals are trusted.

    ``seconds`` is also how long a mail waits for its turn. ``grace`` is for a thread to notice that
    time is up; after that it is no longer waited for. ``turns``: at the pool's threads.
    """

    resolver: Resolver
    pool: Executor
    seconds: float = 10.0
    sealers: frozenset[str] = frozenset()
    grace: float = 2.0
    turns: DomainTurns = field(default_factory=DomainTurns)


async def authenticate(
    raw: bytes,
    envelope: Envelope,
    author: str,
    means: Means,
    addressed: Addressed | None = None,
) -> Authentication:
    """Check a mail's author (an address) against what its domain has published.

    ``addressed``: to which address of ours it came, and when; None: any, at any time.
    """
    domain = domain_of(author)
    if not domain:
        return Authentication(dmarc=Result.PERMERROR, source=Source.OURS)

    def work() -> tuple[Authentication, bool]:
        questions = Questions(means.resolver, means.seconds)
        found = examine(raw, envelope, author, questions, means.sealers, addressed)
        return found, not questions.unanswered

    try:
        async with asyncio.timeout(means.seconds):
            owner = addressed.owner if addressed else ""
            turn = await means.turns.turn(organizational(domain), owner)
        return await _in_thread(work, turn, means)
    except TimeoutError:
        return Authentication(dmarc=Result.TEMPERROR, source=Source.OURS)


async def _in_thread(
    work: Callable[[], tuple[Authentication, bool]], turn: DomainTurn, means: Means
) -> Authentication:
    """Do the work in a thread, whose turn ends with it, also where nobody waits any more."""
    done: asyncio.Future[tuple[Authentication, bool]]

    def end(ended: "asyncio.Future[tuple[Authentication, bool]]") -> None:
        failed = ended.cancelled() or ended.exception() is not None
        means.turns.end(turn, answered=not failed and ended.result()[1])

    try:
        done = asyncio.get_running_loop().run_in_executor(means.pool, work)
    except RuntimeError:  # the pool is closed
        means.turns.end(turn, answered=False)
        raise
    done.add_done_callback(end)
    found, _ = await asyncio.wait_for(asyncio.shield(done), means.seconds + means.grace)
    return found


def examine(
    raw: bytes,
    envelope: Envelope,
    author: str,
    questions: Questions,
    sealers: frozenset[str] = frozenset(),
    addressed: Addressed | None = None,
) -> Authentication:
    """Do the same, blocking."""
    domain = domain_of(author)
    if not domain:
        return Authentication(dmarc=Result.PERMERROR, source=Source.OURS)
    try:
        asked = demands(domain, questions)
    except Unanswered:
        return Authentication(dmarc=Result.TEMPERROR, source=Source.OURS)
    mail = split(raw)
    signed = signers(mail, domain, questions, addressed) if mail else Signers()
    sender = domain_of(envelope.reverse_path)
    may_count = bool(sender) and aligned(domain, sender)
    spf = authorized(envelope, questions) if may_count else Result.NONE
    hop = sender if spf is Result.PASS else None
    if asked is None:  # who is none of the address's owners is told what it shows all the same
        lack = "" if hop else _least(signed, signed.domains)
        return Authentication(spf, signed.domains, source=Source.OURS, shortfall=lack)
    proven = _proven(asked, signed, hop)
    dmarc, arc, lack = Result.PASS, Result.NONE, _shortfall(asked, signed, hop)
    if not proven:
        dmarc, lack = _not_passed(spf, signed), ""
        if mail and dmarc is Result.FAIL:
            arc, lack = vouched(mail, domain, sealers, questions, addressed)
    return Authentication(spf, signed.domains, dmarc, asked.policy, arc, proven, Source.OURS, lack)


def _proven(asked: Demands, signed: Signers, sender: str | None) -> str:
    """Return the domain that proves the author, or nothing."""
    for domain in signed.domains:
        if asked.accepts(domain, strict=asked.strict_dkim):
            return domain
    if sender is not None and asked.accepts(sender, strict=asked.strict_spf):
        return sender
    return ""


def _shortfall(asked: Demands, signed: Signers, hop: str | None) -> str:
    """Return what leaves open whether the author sent it to here: no signature and no hop tells."""
    if hop is not None and asked.accepts(hop, strict=asked.strict_spf):
        return ""
    found = [one for one in signed.domains if asked.accepts(one, strict=asked.strict_dkim)]
    return _least(signed, found)


def _least(signed: Signers, domains: Sequence[str]) -> str:
    """Return what the signatures of these domains all fall short of, or nothing."""
    lacks = dict(signed.shortfalls)
    return next((lacks[one] for one in domains), "") if all(map(lacks.get, domains)) else ""


def _not_passed(spf: Result, signed: Signers) -> Result:
    """Return why it has not passed: it may yet, or it does not."""
    return Result.TEMPERROR if signed.unanswered or spf is Result.TEMPERROR else Result.FAIL
