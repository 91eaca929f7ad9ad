"""Suppressions: which addresses are not written to, why, until when; lift one, or add one."""

from typing import Any

from core.actions import suppress_by_hand
from core.actions.describe_suppression import after_lifting, lifted_sentence, whole_shape
from core.actions.suppression_shape import address_in, suppression_shape
from core.observe import Event, logger
from core.store import suppressions
from core.store.database import Session
from gateway.http.bodies.suppressions import Asked, SuppressionBody, wanted
from gateway.http.needs import ForApp, WhoAsks
from gateway.http.principal import Operator
from gateway.http.request_context import At
from gateway.http.router import Router

router = Router("suppressions")
Json = dict[str, Any]


@router.get("/suppressions")
async def page(app_id: ForApp, at: At, asked: Asked) -> Json:
    """Return a page of the addresses that are not written to; with ``all``, also what is over."""
    query, now = wanted(asked), at.clock.now()
    found = await at.database.read(lambda session: suppressions.page(session, app_id, query, now))
    return {"data": [suppression_shape(one, now) for one in found]}


@router.post("/suppressions")
async def add(app_id: ForApp, who: WhoAsks, body: SuppressionBody, at: At) -> Json:
    """Write no more to an address, until a moment or until it is lifted."""
    by, now = _name_of(who), at.clock.now()

    def work(session: Session) -> Json:
        whose = (app_id, body.address)
        one = suppress_by_hand.add_by_hand(session, whose, body.note, body.until, by, now)
        return suppression_shape(one, now)

    told = await at.database.write(work)
    logger().info(Event.SUPPRESSED_BY_HAND, app=app_id, by=by)
    return told


@router.get("/suppressions/{address}")
async def show(app_id: ForApp, address: str, at: At) -> Json:
    """Return what is known of an address, from which mail, and what lifting it would mean."""
    now = at.clock.now()

    def work(session: Session) -> Json:
        one = suppress_by_hand.existing(session, app_id, address_in(address), now)
        return whole_shape(session, one, now)

    return await at.database.read(work)


@router.delete("/suppressions/{address}")
async def lift(app_id: ForApp, who: WhoAsks, address: str, at: At) -> Json:
    """Let an address be written to again, and tell which mails may leave now.

    What that means is read afterwards: all users of the app are looked through for it, which
    nobody else who writes need wait for.
    """
    by, now, named = _name_of(who), at.clock.now(), address_in(address)

    def work(session: Session) -> tuple[Json, bool]:
        stood = suppress_by_hand.existing(session, app_id, named, now).in_force(now)
        one = suppress_by_hand.lift(session, app_id, named, by, now)
        return suppression_shape(one, now), stood

    told, stood = await at.database.write(work)
    if stood:
        logger().info(Event.SUPPRESSION_LIFTED, app=app_id, cause=told["cause"], by=by)
    meaning = await at.database.read(lambda s: after_lifting(s, app_id, told["address"], now))
    if stood:
        at.nudge()  # not before it is read which mails may leave
    told["sentence"] += f" {lifted_sentence(meaning)}"
    return told | meaning


def _name_of(who: Any) -> str:
    """Return who asks, as it is kept with what they did."""
    return "operator" if isinstance(who, Operator) else "app"
