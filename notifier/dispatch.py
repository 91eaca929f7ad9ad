"""One burst from claim to outcome: the page to read first on the way out.

    decide   a pending came due: look again; send, drop or wait
    deliver  a delivery came due: look up what it is about, look a last time whether it may
             leave, or must wait while its reader sleeps, or for what was said of another; let its
             channel write it, say that it leaves, let its channel offer it, write down what became
             of it

Which channel it is, is asked nowhere here: a delivery names it, the context has it.

The trap is between "it leaves" and "written down": a process that dies there may have sent the
digest. ``transmitting`` is committed before the first octet, with the octets; whoever finds a row
so sends exactly those again. Not for ever: it may be a poison message, which the process dies of.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from core.actions import decide as decision
from core.actions import readdress
from core.actions import settle as settling
from core.actions.decide import BurstClaim
from core.errors import StoreUnavailable
from core.model.delivery import Delivery, State
from core.moment import HOUR, SECOND, Moment
from core.observe import Event, logger
from core.outcome import Cause, Deferred, Outcome, PeerReply, Uncertain
from core.rules.bounces import is_our_fault
from core.rules.look_again import Decision, Later
from core.store import deliveries
from core.store.database import Session
from notifier.channels.base import Channel, Parcel, Way
from notifier.context import NotifierContext
from notifier.queue.claimed import (
    Claimed,
    DeliveryClaim,
    last_look,
    look_up,
    rests_until,
    view_of,
)
from notifier.queue.lane_book import keep
from notifier.scheduling.lane import Postponed
from notifier.scheduling.retry import Expired, next_attempt, while_it_lives, within_lifetime

# Between "it leaves" and its octets lies the whole way to the next hop: whoever dies there once
# or twice has most likely sent nothing.
_MOST_CRASHES = 5
_AGAIN_SECONDS = 0.5

_UNWRITTEN = Deferred(
    Cause.NOT_WRITTEN, PeerReply(0, None, "this mail could not be written; the log says why")
)
_NO_ROOM = Deferred(
    Cause.BUSY, PeerReply(0, None, "not offered: its lane had no room for it while it lived")
)
_LOST = Uncertain("its octets cannot be made again")


async def decide(claim: BurstClaim, at: NotifierContext) -> Decision | None:
    """Decide on a burst whose timer has fired."""
    now = at.clock.now()
    domain = at.identity.list_domain
    places = {name: channel.places(name, now) for name, channel in at.channels.items()}
    crowded = {lane: crowd for some in places.values() for lane, crowd in some.items()}
    decided = await at.database.write(
        lambda session: decision.decide(session, claim, domain, now, crowded)
    )
    if isinstance(decided, Later):
        for name, some in places.items():
            at.channels[name].took(name, some, decided.due_at, now)
    logger().info(
        Event.BURST_DECIDED,
        app=claim.app_id,
        conversation=claim.conversation_id,
        user=claim.user_id,
        decision=type(decided).__name__,
        reason=str(getattr(decided, "why", "")),
    )
    return decided


async def deliver(claim: DeliveryClaim, at: NotifierContext) -> State | None:
    """Take one delivery to its next outcome; None if it is no longer ours."""
    now = at.clock.now()
    claimed = await at.database.glance(partial(look_up, claim=claim, now=now))
    # The fence: whoever claimed the row after us has a higher number, and it is theirs.
    if claimed is None or claimed.delivery.attempts != claim.fence:
        return None
    delivery = claimed.delivery
    if delivery.state is State.TRANSMITTING and delivery.crashes >= _MOST_CRASHES:
        return await _settle(delivery, Uncertain("found transmitting again and again"), at)
    refusal = last_look(claimed, now)
    if refusal is not None:
        cancel = partial(readdress.cancel, claimed=delivery, why=refusal, now=now)
        await at.database.write(partial(cancel, mail_domain=at.identity.list_domain))
        return State.CANCELLED
    rest = rests_until(claimed, now)
    if rest is not None:
        return await _written(partial(settling.rest, claimed=delivery, rest=rest), at)
    return await _in_its_lane(claimed, claim.until, at, now)


async def _in_its_lane(
    claimed: Claimed, until: Moment, at: NotifierContext, now: Moment
) -> State | None:
    """Let a delivery leave, or wait for the relay or its provider. What may be out does not."""
    delivery = claimed.delivery
    channel = at.channels.get(delivery.channel)
    if channel is None or delivery.raw is not None:
        return await _leave(claimed, until, at, now)
    chosen = channel.choose(delivery, now)
    if isinstance(chosen, Postponed):
        return await _wait(delivery, chosen, at, now)
    claimed = replace(claimed, delivery=deliveries.given_to(delivery, chosen))
    if (wait := channel.enter(delivery, chosen, now)) is not None:
        if now > delivery.created_at + at.lifetime_hours * HOUR:
            return await _settle(delivery, _NO_ROOM, at)
        return await _written(partial(settling.put_off, claimed=delivery, until=wait), at)
    try:
        return await _leave(claimed, until, at, now)
    finally:
        channel.leave(delivery)


async def _leave(claimed: Claimed, until: Moment, at: NotifierContext, now: Moment) -> State | None:
    """Let a delivery be written, offered and settled; None if it is no longer ours."""
    delivery = claimed.delivery
    written = await _write(claimed, at, now)
    if isinstance(written, Deferred | Uncertain):
        return await _settle(delivery, written, at)
    outcome = await _offer(delivery, written, until, at)
    return None if outcome is None else await _settle(delivery, outcome, at)


async def _wait(
    delivery: Delivery, later: Postponed, at: NotifierContext, now: Moment
) -> State | None:
    """Put a delivery behind the lane; its lifetime goes on."""
    lifetime = at.lifetime_hours * HOUR
    again = while_it_lives(later.until, now, delivery.created_at, lifetime)
    retry_at = None if isinstance(again, Expired) else again
    postpone = partial(settling.postpone, claimed=delivery, refusal=later.refusal)
    return await _written(partial(postpone, retry_at=retry_at, now=now), at)


async def _write(
    claimed: Claimed, at: NotifierContext, now: Moment
) -> Parcel | Deferred | Uncertain:
    """Let the channel write a delivery, or make again what may be out already, or say it cannot."""
    delivery = claimed.delivery
    try:
        writer = _channel(delivery, at).writer
        if delivery.raw is not None:
            return writer.restore(delivery)
        return await writer.write(view_of(claimed, at.identity), now)
    except Exception:  # noqa: BLE001  whatever it is, it is tried again, and not for ever
        event = Event.DIGEST_UNWRITTEN
        logger().error(event, app=delivery.app_id, delivery=delivery.id, exc_info=True)
    # What may be out already is never written anew: its reader would get two digests.
    return _UNWRITTEN if delivery.raw is None else _LOST


async def _offer(
    delivery: Delivery, parcel: Parcel, until: Moment, at: NotifierContext
) -> Outcome | None:
    """Say that the parcel leaves, and offer it; None if it is no longer ours.

    It has one of its channel's places for as long as it is on its way, and no longer: none is said
    to leave that would have to wait, and none that has arrived keeps the next one waiting.
    """
    channel = _channel(delivery, at)
    way = channel.way_of(delivery)
    async with way.places:
        if at.clock.now() >= until:  # somebody else may have it by now, and more time for it
            return None
        # Committed with fsync before the first octet: after a crash it is known that it may be out.
        if not await at.database.write(
            partial(deliveries.transmitting, claimed=delivery, raw=parcel.kept, trace=parcel.trace)
        ):
            return None
        outcome = await _send(parcel, way, at, until)
    channel.heard(delivery, outcome, at.clock.now(), at.jitter())
    await keep(at, delivery)
    return outcome


async def _send(parcel: Parcel, way: Way[Parcel], at: NotifierContext, until: Moment) -> Outcome:
    """Offer the parcel for as long as it is ours; who finds it later sends it once more."""
    try:
        async with asyncio.timeout((until - at.clock.now()) / SECOND):
            return await way.transport.send(parcel)
    except TimeoutError:
        return Uncertain("the next hop took longer than a claim lasts")


async def _settle(delivery: Delivery, outcome: Outcome, at: NotifierContext) -> State | None:
    """Write down what became of a delivery, and when it is tried again."""
    now = at.clock.now()
    retry_at = _retry_at(delivery, outcome, at, now)
    settle = partial(readdress.settled, claimed=delivery, outcome=(outcome, retry_at), now=now)
    state = await _written(partial(settle, mail_domain=at.identity.list_domain), at)
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


async def _written(work: Callable[[Session], State | None], at: NotifierContext) -> State | None:
    """Write an outcome down, however long the database is away: it is known nowhere else."""
    while True:
        try:
            return await at.database.write(work)
        except StoreUnavailable as error:
            logger().warning(Event.WORKER_FAILED, queue="outcome", reason=str(error))
            await asyncio.sleep(_AGAIN_SECONDS)


def _retry_at(
    delivery: Delivery, outcome: Outcome, at: NotifierContext, now: Moment
) -> Moment | None:
    """Return when a deferred delivery is tried again; None if its lifetime is over."""
    if not isinstance(outcome, Deferred):
        return None
    lifetime = at.lifetime_hours * HOUR
    if outcome.whole_lane:
        channel = _channel(delivery, at)
        # Deferred is known not to be taken, so another relay may have it. Uncertain never is.
        sure = delivery.raw is None and not delivery.crashes
        asked = channel.way_of(delivery).lane
        reopens = channel.retried_at(delivery.relay, now) if sure else asked.reopens(now)
        if is_our_fault(outcome.cause):
            again = while_it_lives(reopens, now, delivery.created_at, lifetime)
        else:
            again = within_lifetime(reopens, delivery.created_at, lifetime)
    else:
        again = next_attempt(
            delivery.tries + 1, outcome.cause, now, delivery.created_at, at.jitter(), lifetime
        )
    return None if isinstance(again, Expired) else again


def _channel(delivery: Delivery, at: NotifierContext) -> Channel[Parcel]:
    """Return the channel a delivery names. Raise KeyError if this process has none of that name."""
    return at.channels[delivery.channel]
