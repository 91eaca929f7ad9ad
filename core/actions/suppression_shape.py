"""How a suppression is listed, and by which id it is asked for."""

import base64
from typing import Any

from core.model.suppression import Suppression
from core.moment import Moment
from core.rules.suppression_words import sentence

Json = dict[str, Any]
_PREFIX = "sup_"


def id_of(address: str) -> str:
    """Return a suppression's id: its address, in signs that a path may have (RFC 4648, 5)."""
    return _PREFIX + base64.urlsafe_b64encode(address.encode()).decode().rstrip("=")


def address_in(named: str) -> str:
    """Return the address that an id names, or what was given, if that is none."""
    if not named.startswith(_PREFIX) or "@" in named:
        return named
    text = named.removeprefix(_PREFIX)
    try:
        octets = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        address = octets.decode()
    except ValueError:  # no base64, or no UTF-8
        return named
    return named if "\0" in address else address


def suppression_shape(one: Suppression, now: Moment) -> Json:
    """Return a suppression as it is listed."""
    return {
        "id": id_of(one.address),
        "app": one.app_id,
        "address": one.address,
        "cause": one.cause,
        "evidence": one.evidence,
        "active": one.in_force(now),
        "madeAt": one.made_at,
        "madeBy": one.made_by,
        "expiresAt": one.expires_at,
        "liftedAt": one.lifted_at,
        "liftedBy": one.lifted_by,
        "user": one.user_id,
        "delivery": one.delivery_id,
        "sentence": sentence(one, now),
    }
