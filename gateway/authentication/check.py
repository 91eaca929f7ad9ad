"""Is this reply its owner's? The one question ``inbound`` asks of this room.

What nobody wants to know is not looked up: nothing when the app trusts the token alone, when there
are several authors, or when the mail comes from this machine or a private network and the
operator has named no front. In that last case there is an MTA between us and the sender, so the
peer's address says nothing, and its checks are its own.

An author who is not the owner is checked, too: the owner is asked whether that address is theirs,
and must not be asked that of an address which somebody else only wrote into From.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from ipaddress import ip_network
from typing import TYPE_CHECKING

from core.config.ways_in import SenderSettings as Settings
from core.email_address import domain_of
from core.lazy_import import lazy_import
from core.model.app import SenderPolicy
from core.model.member import Correspondent
from core.observe import Event, logger
from core.rules import admission
from gateway.authentication.coverage import Addressed
from gateway.authentication.policy import Ruling, judge
from gateway.authentication.results import UNCHECKED, Authentication, Result
from gateway.authentication.trusted_mta import Front
from gateway.mail.envelope import address_of
from gateway.mail.head import Head
from gateway.mail.offer import Offer

if TYPE_CHECKING:
    from gateway.authentication import authenticate as checks
    from gateway.authentication import domain_turns, resolver
else:  # some ten megabytes of libraries, for the first mail that is checked
    checks = lazy_import("gateway.authentication.authenticate")
    resolver = lazy_import("gateway.authentication.resolver")
    domain_turns = lazy_import("gateway.authentication.domain_turns")

_THREADS = 16

# RFC 1918, 6598, 3927, 4193, 4291: networks whose addresses tell nothing of who sends.
_PRIVATE = tuple(
    map(
        ip_network,
        (
            "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
            "169.254.0.0/16", "::1/128", "fc00::/7", "fe80::/10",
        ),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SenderChecks:
    """How senders are checked: by us if there are means, by the front if there is one.

    ``skipped`` is called when we have the means, and the peer's address leaves nothing to check.
    """

    means: "Callable[[], checks.Means] | None" = None
    front: Front | None = None
    skipped: Callable[[], None] = lambda: None


NOBODY_CHECKS = SenderChecks()


@contextmanager
def checking(settings: Settings) -> Iterator[SenderChecks]:
    """Make what checking takes from the settings, until left."""
    front = None
    if settings.front_authserv_id:
        front = Front(settings.front_networks, settings.front_authserv_id)
    servers = tuple(str(server) for server in settings.name_servers)
    pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="sender")
    try:
        if not settings.verify:
            yield SenderChecks(None, front)
            return
        trusted = frozenset(settings.trusted_arc_sealers)

        @cache
        def means() -> "checks.Means":
            names = resolver.NameServers(servers, settings.dns_seconds)
            turns = domain_turns.DomainTurns(_THREADS)
            return checks.Means(names, pool, settings.mail_seconds, trusted, turns=turns)

        @cache
        def skipped() -> None:
            """Tell the operator, who may not know it; once, because each mail is like the first."""
            logger().warning(
                Event.SENDER_UNCHECKED,
                reason="mail comes from this machine or a private network",
                hint="name the mail server in front in senders.front_authserv_id",
            )

        yield SenderChecks(means, front, skipped)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


async def check(
    offer: Offer,
    head: Head,
    named: Correspondent,
    at: SenderChecks,
    domains: frozenset[str] = frozenset(),
    *,
    by_answered: bool = False,
) -> tuple[Ruling, Authentication]:
    """Return whether the mail is the named person's own, and what is known of that.

    ``domains``: all that are ours, beside the one the mail came to. ``by_answered``: whether what
    the mail names as answered decides how it is read.

    Several From fields are several authors, whatever stands in them (RFC 7489, 6.6.1). A user
    without addresses on record has none to compare with: their token decides.
    """
    policy = named.sender_policy if named.addresses else SenderPolicy.TOKEN.value
    authors = max(len(head.authors), head.from_fields)
    matches = admission.is_theirs(named, head.author) is None
    known = UNCHECKED
    if policy == SenderPolicy.STRICT and authors == 1 and head.author is not None:
        # Who writes as the owner has the owner's name servers asked: a stranger's take no turn.
        owner = "" if matches else f"{named.app_id}/{named.user_id}"
        addressed = Addressed(offer.recipient, offer.now, domains, by_answered, owner)
        known = await _known(offer, head.author, at, addressed)
    return judge(policy, matches=matches, authors=authors, authentication=known), known


async def _known(
    offer: Offer, author: str, at: SenderChecks, addressed: Addressed
) -> Authentication:
    """Return what the front said, or what we find, or nothing."""
    raw, envelope = offer.raw, offer.envelope
    said: Authentication | None = None
    if at.front is not None and at.front.is_peer(envelope.peer):
        said = at.front.said(raw, domain_of(author), addressed)
        if said is not None and not said.shortfall:
            return said
        envelope = replace(envelope, peer="")  # its address is not the sender's: no SPF
    if at.means is None:
        return said or UNCHECKED
    if envelope.peer and _tells_nothing(envelope.peer):
        at.skipped()
        return UNCHECKED
    found = await checks.authenticate(raw, envelope, author, at.means(), addressed)
    return _more_whole(said, found) if said else found


def _more_whole(said: Authentication, found: Authentication) -> Authentication:
    """Return what the front said of a mail that seems to fall short, if we find nothing better."""
    proven = Result.PASS in (found.dmarc, found.arc) and not found.shortfall
    return replace(said, shortfall="") if proven else said


@lru_cache(1_000)
def _tells_nothing(peer: str) -> bool:
    """Whether a peer's address is this machine's, a private one, or none."""
    address = address_of(peer)
    return address is None or any(address in network for network in _PRIVATE)
