"""What the app and the operator may do to suppressions: lift one, and add one by hand."""

from core.email_address import comparable
from core.errors import InvalidRequest, NotFound
from core.model.suppression import BY_HAND, Suppression
from core.moment import Moment
from core.rules.suppression_words import sentence
from core.store import opt_outs, suppressions
from core.store.database import Session

_LONGEST_NOTE = 500


def existing(session: Session, app_id: str, address: str, now: Moment) -> Suppression:
    """Return what is known of a mailbox, also if all of it is over, or raise NotFound."""
    known = suppressions.find(session, app_id, address, now)
    if known is None:
        raise NotFound(f"There is no suppression of {address!r}.", code="SUPPRESSION_NOT_FOUND")
    return known


def lift(session: Session, app_id: str, address: str, by: str, now: Moment) -> Suppression:
    """Let a mailbox be written to again, and keep who said so; one that is over stays as it is.

    In whichever forms it is kept: nothing keeps us from writing to it afterwards. What was counted
    against it before counts no more. Raise NotFound if nothing is known of it.
    """
    known = existing(session, app_id, address, now)
    for one in opt_outs.suppressions(session, app_id, [address], now):
        opt_outs.lift(session, one, by, now)
    session.flush()
    return known


def add_by_hand(
    session: Session, whose: tuple[str, str], note: str, until: Moment | None, by: str, now: Moment
) -> Suppression:
    """Suppress (app, address) until a moment, or until it is lifted (None). Said twice, it is new.

    Raise InvalidRequest for an end that has passed, and where more is known of the address.
    """
    app_id, address = whose
    if until is not None and until <= now:
        raise InvalidRequest("until: must be a moment to come, in milliseconds since 1970")
    known = suppressions.find(session, app_id, address, now)
    if known is not None and known.in_force(now) and known.cause != BY_HAND:
        reaches = known.expires_at is None or (until is not None and until <= known.expires_at)
        if reaches:
            raise InvalidRequest(
                f"It is suppressed already. {sentence(known, now)}", code="SUPPRESSED_ALREADY"
            )
    one = Suppression(
        app_id=app_id,
        address=known.address if known is not None else comparable(address),
        cause=BY_HAND,
        evidence=note[:_LONGEST_NOTE],
        made_at=now,
        expires_at=until,
        user_id=known.user_id if known is not None else None,
        made_by=by,
    )
    opt_outs.suppress(session, one)
    session.flush()
    return existing(session, app_id, one.address, now)
