"""One burst from claim to outcome: the page to read first on the way out.

    decide   a pending came due: look again; send, drop or wait
    deliver  a delivery came due: look up what it is about, look a last time whether it may
             leave, pack it (render, compose, sign), say that it leaves, offer it to the relay,
             write down what became of it

The trap is between "it leaves" and "written down": a process that dies there may have sent the
mail. ``transmitting`` is committed before the first octet, with the octets; whoever finds a row
so sends exactly those again. Not for ever: the mail may be what the process dies of.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial

from core.actions import decide as decision
from core.actions import settle as settling
from core.actions.decide import BurstClaim
from core.errors import StoreUnavailable
from core.model.delivery import Delivery, State
from core.moment import HOUR, SECOND, Moment
from core.observe import Event, logger
from core.outcome import Cause, Deferred, Outcome, PeerReply, Uncertain
from core.rules.look_again import Decision
from core.store import deliveries
from core.store.database import Session
from notifier.desk import Desk
from notifier.matter import DeliveryClaim, Matter, last_look, look_up
from notifier.pack import Packed, pack
from notifier.scheduling.retry import Expired, next_attempt, within_lifetime
from notifier.transports.base import Parcel

Place = AbstractAsyncContextManager[object]

# Between "it leaves" and its octets lies the whole way to the relay: whoever dies there once or
# twice has most likely sent nothing.
_MOST_CRASHES = 5
_AGAIN_SECONDS = 0.5

_UNWRITTEN = Deferred(
    Cause.NOT_WRITTEN, PeerReply(0, None, "this mail could not be written; the log says why")
)


async def decide(claim: BurstClaim, at: Desk) -> Decision | None:
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


async def deliver(claim: DeliveryClaim, at: Desk, place: Place | None = None) -> State | None:
    """Take one delivery to its next outcome; None if it is no longer ours.

    ``place`` is entered for as long as the mail is on its way, and no longer: none is said to
    leave that would have to wait, and none that has arrived keeps the next one waiting.
    """
    now = at.clock.now()
    matter = await at.database.glance(partial(look_up, claim=claim, now=now))
    if matter is None or matter.delivery.attempts != claim.fence:
        return None
    if matter.delivery.state is State.TRANSMITTING and matter.delivery.crashes >= _MOST_CRASHES:
        return await _settle(matter.delivery, Uncertain("found transmitting again and again"), at)
    refusal = last_look(matter, now)
    if refusal is not None:
        await at.database.write(
            partial(settling.cancel, claimed=matter.delivery, why=refusal, now=now)
        )
        return State.CANCELLED
    outcome: Outcome | None
    try:
        packed = await pack(matter, at, now)
    except Exception:  # noqa: BLE001  whatever it is, it is tried again, and not for ever
        event, delivery = Event.DIGEST_UNWRITTEN, matter.delivery
        logger().error(event, app=delivery.app_id, delivery=delivery.id, exc_info=True)
        outcome = _UNWRITTEN
    else:
        outcome = await _offer(matter, packed, claim.until, at, place)
    return None if outcome is None else await _settle(matter.delivery, outcome, at)


async def _offer(
    matter: Matter, packed: Packed, until: Moment, at: Desk, place: Place | None
) -> Outcome | None:
    """Say that the mail leaves, and offer it; None if it is no longer ours."""
    parcel, said = packed
    async with place or nullcontext():
        if at.clock.now() >= until:  # somebody else may have it by now, and more time for it
            return None
        if not await at.database.write(partial(_leaving, matter=matter, raw=parcel.raw, said=said)):
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


def _leaving(session: Session, matter: Matter, raw: bytes, said: dict[str, str] | None) -> bool:
    """Commit that the octets are about to leave, with the envelope they leave in."""
    delivery = matter.delivery
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
