"""An address is written to no more: for what a server says of it, or for what its reader does.

Only who has proven which delivery they speak of may come here: otherwise anyone could silence
anyone by a mail.
"""

from core.actions.tell_mail import tell_mail
from core.email_address import comparable
from core.model.change import ChangeKind
from core.model.delivery import Delivery
from core.model.suppression import Suppression
from core.moment import DAY, Moment
from core.outcome import Cause
from core.rules.bounces import Nothing, SoftScore, Suppress, consequence
from core.rules.suppression_terms import COMPLAINT, terms
from core.rules.worn_out_address import WINDOW, is_worn_out
from core.store import losses, opt_outs
from core.store.database import Session

__all__ = ["COMPLAINT", "blame", "suppress"]
_CAUSES = frozenset(cause.value for cause in Cause)


def blame(session: Session, delivery: Delivery, cause: Cause, evidence: str, now: Moment) -> bool:
    """Draw for its address what a lost delivery means; True if it is suppressed now.

    The delivery must be marked as lost already, since it counts among the soft failures.
    """
    match consequence(cause):
        case Suppress(days):
            return suppress(session, delivery, (cause.value, days), evidence, now)
        case SoftScore():
            whose = (delivery.app_id, delivery.user_id)
            since = max(now - WINDOW, _lifted_at(session, delivery))
            lost = losses.lost(session, whose, delivery.address, since)
            soft = [at for at, why in lost if isinstance(_consequence_of(why), SoftScore)]
            if is_worn_out(soft, now):
                return suppress(
                    session, delivery, (cause.value, terms()[cause].days), evidence, now
                )
            return False
        case Nothing():
            return False


def suppress(
    session: Session, delivery: Delivery, why: tuple[str, int | None], evidence: str, now: Moment
) -> bool:
    """Suppress a delivery's address as (cause, days); False if it is for as long already."""
    cause, days = why
    address = comparable(delivery.address)
    until = None if days is None else now + days * DAY
    known = opt_outs.suppression(session, delivery.app_id, address)
    if known is not None and _outlasts(known, until):
        return False
    one = Suppression(
        app_id=delivery.app_id,
        address=address,
        cause=cause,
        evidence=evidence[:500],
        made_at=now,
        expires_at=until,
        user_id=delivery.user_id,
        delivery_id=delivery.id,
    )
    opt_outs.suppress(session, one)
    told = {"cause": cause, "reason": one.evidence, "expiresAt": until}
    kind = ChangeKind.NOTIFICATION_SUPPRESSED
    tell_mail(session, delivery, kind, now, address=address, **told)
    return True


def _lifted_at(session: Session, delivery: Delivery) -> Moment:
    """Return since when failures count: what was before somebody lifted it is forgiven."""
    known = opt_outs.suppression(session, delivery.app_id, comparable(delivery.address))
    return (known.lifted_at or 0) if known is not None else 0


def _outlasts(known: Suppression, until: Moment | None) -> bool:
    return known.expires_at is None or (until is not None and known.expires_at >= until)


def _consequence_of(reason: str) -> Suppress | SoftScore | Nothing:
    """Return what the reason of a lost delivery means; it begins with the cause's name."""
    name = reason.partition(":")[0]
    return consequence(Cause(name)) if name in _CAUSES else Nothing()
