"""A crowd is noted what it is owed, so many people at a time, between the work of others."""

from dataclasses import dataclass
from functools import partial

from core.actions import fan_out as verb
from core.nudge import Nudge
from core.store import fan_outs
from notifier.context import NotifierContext

_TURNS = 20  # so many people a claim, times core.model.fan_out.AT_ONCE; then others have theirs


@dataclass(frozen=True, slots=True)
class FanOutClaim:
    """A fan-out that is ours for a while: its key and its fence."""

    app_id: str
    conversation_id: str
    fence: int


async def note(claim: FanOutClaim, at: NotifierContext, nudge: Nudge) -> bool:
    """Go on with a fan-out for some turns, each a transaction; tell whether that was all.

    Whoever decides on debts is woken, and who goes on with this one if there is more of it.

    A claim that has run out harms nobody: each turn goes on where the last one ended, whoever
    made it.
    """
    where = (claim.app_id, claim.conversation_id)
    for _ in range(_TURNS):
        if not await at.database.write(lambda session: verb.fan_out(session, *where)):
            nudge()
            return True
    rest = partial(fan_outs.rest, app_id=where[0], conversation_id=where[1], now=at.clock.now())
    await at.database.write(rest)
    nudge()
    return False
