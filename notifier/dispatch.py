"""One burst from claim to outcome: the page to read first on the way out.

    decide   a pending came due: look again; send, drop or wait
    deliver  a delivery came due: load, look a last time, render, sign, say that it leaves,
             offer it to the relay, write down what became of it

The trap is between "it leaves" and "written down": a process that dies there may have sent the
mail. ``transmitting`` is committed before the first octet, with the octets; whoever finds a row
so sends exactly those again. Not for ever: the mail may be what the process dies of.
"""

import asyncio
import zlib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial

from core.actions import decide as decision
from core.actions import settle as settling
from core.actions.forget import Keeping
from core.clock import Clock
from core.errors import StoreUnavailable
from core.files.base import Files
from core.files.place import open_files
from core.model.burst import Burst
from core.model.delivery import Delivery, State
from core.model.held import HeldReply
from core.model.receipt import Receipt
from core.moment import HOUR, SECOND, Moment
from core.observe import Event, logger
from core.outcome import Cause, Deferred, Outcome, PeerReply, Uncertain
from core.rules.look_again import Decision, Why, still_owed
from core.rules.questions import still_asked
from core.store import bursts, deliveries, held, receipts
from core.store.database import Database, Session
from notifier.rendering.compose import compose
from notifier.rendering.dkim import Signer, sign
from notifier.rendering.email import Rendered, render
from notifier.rendering.headers import Correspondence
from notifier.rendering.letter import Sender, correspondence_of, digest_of
from notifier.rendering.passed_on import reverse_path_of, wrap
from notifier.rendering.question import letter_of, question_of, render_question
from notifier.rendering.trace import trace
from notifier.scheduling.lane import Lane
from notifier.scheduling.retry import Expired, next_attempt, within_lifetime
from notifier.transports.base import Parcel, Transport

Place = AbstractAsyncContextManager[object]
_Packed = tuple[Parcel, dict[str, str] | None]

_LATEST_REFERENCES = 10

# Between "it leaves" and its octets lies the whole way to the relay: whoever dies there once or
# twice has most likely sent nothing.
_MOST_CRASHES = 5
_AGAIN_SECONDS = 0.5

_UNWRITTEN = Deferred(
    Cause.NOT_WRITTEN, PeerReply(0, None, "this mail could not be written; the log says why")
)


@dataclass(frozen=True, slots=True)
class Desk:
    """What dispatching needs: where things are kept, who we are, the way out, the time."""

    database: Database
    transport: Transport
    sender: Sender
    signers: tuple[Signer, ...]
    lane: Lane
    clock: Clock
    jitter: Callable[[], float]
    lifetime_hours: int = 48
    keeping: Keeping = field(default_factory=Keeping)
    files: Files = field(default_factory=partial(open_files, "memory://"))


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that is ours until a moment: its key and its fence."""

    app_id: str
    delivery_id: str
    fence: int
    until: Moment


@dataclass(frozen=True, slots=True)
class _Load:
    """A claimed delivery and what it is about, as of now: a burst, or a reply that is held.

    Or a mail for the operator, which is about nothing of an app's.
    """

    delivery: Delivery
    burst: Burst | None
    references: tuple[str, ...] = ()
    held: HeldReply | None = None
    came: Receipt | None = None


async def decide(claim: decision.Claim, at: Desk) -> Decision | None:
    """Decide on a burst whose timer has fired."""
    now = at.clock.now()
    domain = at.sender.list_domain
    decided = await at.database.write(lambda session: decision.decide(session, claim, domain, now))
    logger().info(
        Event.BURST_DECIDED,
        app=claim.app_id,
        conversation=claim.conversation_id,
        user=claim.user_id,
        decision=type(decided).__name__,
        reason=str(getattr(decided, "why", "")),
    )
    return decided


async def deliver(claim: Claim, at: Desk, place: Place | None = None) -> State | None:
    """Take one delivery to its next outcome; None if it is no longer ours.

    ``place`` is entered for as long as the mail is on its way, and no longer: none is said to
    leave that would have to wait, and none that has arrived keeps the next one waiting.
    """
    now = at.clock.now()
    load = await at.database.glance(partial(_load, claim=claim, now=now))
    if load is None or load.delivery.attempts != claim.fence:
        return None
    if load.delivery.state is State.TRANSMITTING and load.delivery.crashes >= _MOST_CRASHES:
        return await _settle(load.delivery, Uncertain("found transmitting again and again"), at)
    refusal = _last_look(load, now)
    if refusal is not None:
        await at.database.write(
            partial(settling.cancel, claimed=load.delivery, why=refusal, now=now)
        )
        return State.CANCELLED
    outcome: Outcome | None
    try:
        packed = await _pack(load, at, now)
    except Exception:  # noqa: BLE001  whatever it is, it is tried again, and not for ever
        event, delivery = Event.DIGEST_UNWRITTEN, load.delivery
        logger().error(event, app=delivery.app_id, delivery=delivery.id, exc_info=True)
        outcome = _UNWRITTEN
    else:
        outcome = await _offer(load, packed, claim.until, at, place)
    return None if outcome is None else await _settle(load.delivery, outcome, at)


async def _offer(
    load: _Load, packed: _Packed, until: Moment, at: Desk, place: Place | None
) -> Outcome | None:
    """Say that the mail leaves, and offer it; None if it is no longer ours."""
    parcel, said = packed
    async with place or nullcontext():
        if at.clock.now() >= until:  # somebody else may have it by now, and more time for it
            return None
        if not await at.database.write(partial(_leaving, load=load, raw=parcel.raw, said=said)):
            return None
        outcome = await _send(parcel, at, until)
    at.lane.heard(outcome, at.clock.now(), at.jitter())
    return outcome


async def _send(parcel: Parcel, at: Desk, until: Moment) -> Outcome:
    """Offer the parcel for as long as it is ours; who finds it later sends it once more."""
    try:
        async with asyncio.timeout((until - at.clock.now()) / SECOND):
            return await at.transport.send(parcel)
    except TimeoutError:
        return Uncertain("the relay took longer than a claim lasts")


def _load(session: Session, claim: Claim, now: Moment) -> _Load | None:
    """Read a delivery and everything its digest is made of."""
    found = deliveries.claimed(session, claim.app_id, claim.delivery_id)
    if found is None:
        return None
    delivery, decided = found
    if delivery.receipt_id is not None:
        came = receipts.find(session, delivery.app_id, delivery.receipt_id)
        return _Load(delivery, None, came=came)
    whose = (delivery.app_id, delivery.conversation_id, delivery.user_id)
    if delivery.held_id is not None:
        asked = held.find(session, delivery.app_id, delivery.held_id)
        return _Load(delivery, bursts.load(session, whose, (0, 0), now), held=asked)
    if decided is None:
        return _Load(delivery, None)
    burst = bursts.load(session, whose, (decided.first_seq, decided.last_seq), now)
    earlier = deliveries.message_ids(session, *whose, _LATEST_REFERENCES)
    return _Load(delivery, burst, tuple(earlier))


def _last_look(load: _Load, now: Moment) -> Why | None:
    """Return why a delivery must not leave after all. Octets that may be out are not recalled."""
    if load.delivery.raw is not None:
        return None
    if load.delivery.receipt_id is not None:
        return None if load.came is not None and load.came.raw else Why.MAIL_GONE
    if load.burst is None:
        return Why.NO_ACCESS
    if load.held is not None:
        return still_asked(load.held, load.burst, load.delivery.address)
    return still_owed(load.burst, load.delivery.address, now)


async def _pack(load: _Load, at: Desk, now: Moment) -> _Packed:
    """Render and sign the mail; one that may be out already leaves with the same octets."""
    delivery = load.delivery
    if delivery.raw is not None:
        reverse_path, _, raw = delivery.raw.partition(b"\n")
        return Parcel(delivery.id, reverse_path.decode(), delivery.address, raw), delivery.trace
    if load.came is not None:
        return await _wrapped(load.came, delivery, at, now)
    if load.burst is None:
        raise LookupError(delivery.id)  # _last_look has refused it
    rendered, letter = _write(load, load.burst, at, now)
    # A private key takes a millisecond and needs no lock of Python's: another core can do it.
    raw = await asyncio.to_thread(sign, compose(rendered, letter), at.signers, now)
    parcel = Parcel(delivery.id, letter.reverse_path, delivery.address, raw)
    return parcel, trace(rendered, letter)


async def _wrapped(
    came: Receipt, delivery: Delivery, at: Desk, now: Moment
) -> tuple[Parcel, dict[str, str]]:
    """Wrap a mail for the operator in one of ours, and sign that."""
    reverse_path = reverse_path_of(delivery, at.sender)

    def work() -> bytes:
        octets = zlib.decompress(came.raw or b"")
        return sign(wrap(octets, came, delivery, at.sender, now), at.signers, now)

    raw = await asyncio.to_thread(work)
    return Parcel(delivery.id, reverse_path, delivery.address, raw), {"reverse_path": reverse_path}


def _write(load: _Load, burst: Burst, at: Desk, now: Moment) -> tuple[Rendered, Correspondence]:
    """Render what the delivery says, and the headers around it."""
    delivery, locale = load.delivery, burst.app.default_locale
    if load.held is not None:
        asked = question_of(load.held, burst, delivery, at.sender)
        letter = letter_of(load.held, burst, delivery, at.sender, now)
        return render_question(asked, locale), letter
    letter = correspondence_of(burst, delivery, load.references, at.sender, now)
    return render(digest_of(burst, delivery, at.sender), locale), letter


def _leaving(session: Session, load: _Load, raw: bytes, said: dict[str, str] | None) -> bool:
    """Commit that the octets are about to leave, with the envelope they leave in."""
    delivery = load.delivery
    kept = delivery.raw
    if kept is None:
        reverse_path = said["reverse_path"] if said else ""
        kept = reverse_path.encode() + b"\n" + raw
    return deliveries.transmitting(session, delivery, kept, said)


async def _settle(delivery: Delivery, outcome: Outcome, at: Desk) -> State | None:
    """Write down what became of a delivery, and when it is tried again."""
    now = at.clock.now()
    retry_at = _retry_at(delivery, outcome, at, now)
    state = await _written(
        partial(settling.settle, claimed=delivery, outcome=outcome, retry_at=retry_at, now=now), at
    )
    logger().info(
        Event.DIGEST_ENDED,
        app=delivery.app_id,
        delivery=delivery.id,
        attempt=delivery.attempts,
        outcome=type(outcome).__name__,
        state=str(state or "not ours"),
        waited_ms=now - delivery.created_at,
    )
    return state


async def _written(work: Callable[[Session], State | None], at: Desk) -> State | None:
    """Write an outcome down, however long the database is away: it is known nowhere else."""
    while True:
        try:
            return await at.database.write(work)
        except StoreUnavailable as error:
            logger().warning(Event.WORKER_FAILED, queue="outcome", reason=str(error))
            await asyncio.sleep(_AGAIN_SECONDS)


def _retry_at(delivery: Delivery, outcome: Outcome, at: Desk, now: Moment) -> Moment | None:
    """Return when a deferred delivery is tried again; None if its lifetime is over."""
    if not isinstance(outcome, Deferred):
        return None
    lifetime = at.lifetime_hours * HOUR
    if outcome.whole_lane:
        again = within_lifetime(max(at.lane.closed_until, now), delivery.created_at, lifetime)
    else:
        again = next_attempt(
            delivery.tries + 1, outcome.cause, now, delivery.created_at, at.jitter(), lifetime
        )
    return None if isinstance(again, Expired) else again
