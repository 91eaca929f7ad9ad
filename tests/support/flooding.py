"""A gateway whose day is soon full, and mails enough to fill it."""

from core.model.receipt import Receipt
from core.rules.day_limit import DayLimit, DayLimits
from core.store import receipts
from core.store.database import Database
from core.verdict import Verdict
from tests.support.people import APP
from tests.support.reception import Gateway, a_gateway, a_mail

FEW = DayLimit(3, 100_000)
LIMITS = DayLimits(FEW, FEW, FEW, FEW)
AWAY = {"Auto_Submitted": "auto-replied"}


async def a_flooded_gateway(database: Database) -> Gateway:
    """Open a gateway whose day has room for three mails, of 100 KB together, in each account."""
    return await a_gateway(database, day_limits=LIMITS)


def numbered(number: int, text: str = "", **headers: str) -> bytes:
    """Return a mail of Bo's that is no other's copy."""
    return a_mail(text or f"Answer number {number}.", Message_ID=f"<{number}@x>", **headers)


async def kept(gateway: Gateway) -> list[Receipt]:
    """Return the receipts of the mails that came, the newest first."""
    return await gateway.database.read(lambda s: receipts.listed(s, APP, 999))


async def flood(gateway: Gateway, mails: list[bytes], to: str | None = None) -> list[Verdict]:
    """Offer mails one after the other, a millisecond apart."""
    verdicts = []
    for one in mails:
        gateway.clock.move(1)
        verdicts.append(await gateway.offer(one, to))
    return verdicts
