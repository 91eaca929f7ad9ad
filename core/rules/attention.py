"""Is the user looking at the conversation?

Looking is: a live session with this conversation selected, the window focused (talkjs-spec, 4.1),
and somebody before it: a desktop that nobody has touched for a minute when the message came
shows it to nobody. That is known only of apps that tell of it (``active_at``).

The trap is the client that vanished without a word: its session lives on until its end. So
a session counts as having seen a message only if it told of itself after the message came;
until then the answer is "ask again when that session has ended". And a clock that was set back
would let a session live for as long as it jumped: none lives longer than any may.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.model.session import UserSession
from core.moment import SECOND, Millis, Moment

LONGEST_SESSION: Millis = 300 * SECOND
IDLE_AFTER: Millis = 60 * SECOND


@dataclass(frozen=True, slots=True)
class Looking:
    """They see it: nobody need tell them."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """A session may have seen it or may be dead; by this moment it will have told."""

    until: Moment


@dataclass(frozen=True, slots=True)
class Away:
    """They do not see it."""


def attention(
    sessions: Iterable[UserSession], conversation_id: str, newest_message_at: Moment, now: Moment
) -> Looking | Unsure | Away:
    """Tell whether any of a user's sessions has this conversation before somebody's eyes."""
    watching = [
        session
        for session in sessions
        if now < session.expires_at <= now + LONGEST_SESSION
        and session.has_focus
        and session.selected_conversation_id == conversation_id
        and not _nobody_there(session, newest_message_at)
    ]
    if any(session.told_at >= newest_message_at for session in watching):
        return Looking()
    if watching:
        return Unsure(until=min(session.expires_at for session in watching))
    return Away()


def _nobody_there(session: UserSession, newest_message_at: Moment) -> bool:
    """Tell whether a page was left alone for a while when the message came, as far as is known."""
    touched = session.active_at
    return touched is not None and touched + IDLE_AFTER <= newest_message_at
