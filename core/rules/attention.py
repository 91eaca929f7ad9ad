"""Is the user looking at the conversation?

Looking is: a live session with this conversation selected and the window focused (talkjs-spec,
4.1). The trap is the client that vanished without a word: its session lives on until its end. So
a session counts as having seen a message only if it told of itself after the message came;
until then the answer is "ask again when that session has ended".
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.model.session import UserSession
from core.moment import Moment


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
        if session.expires_at > now
        and session.has_focus
        and session.selected_conversation_id == conversation_id
    ]
    if any(session.told_at >= newest_message_at for session in watching):
        return Looking()
    if watching:
        return Unsure(until=min(session.expires_at for session in watching))
    return Away()
