"""React to a message with an emoji, or take it back: by the API, or by a mail that says so.

Who may write here may react. A message bears 50 different emoji at most; the conversation's lock
is held while they are counted, so that two people cannot both bring the last one.
"""

from core.actions import converse
from core.actions.announce import What
from core.actions.edit import held, tell_changed
from core.errors import InvalidRequest, NotAllowed, NotFound
from core.model.change import ChangeKind
from core.model.member import Correspondent
from core.model.participant import Access
from core.model.reaction import MOST_EMOJI, Reaction
from core.moment import Moment
from core.rules.emoji import LONGEST, one_emoji
from core.store import reactions
from core.store.database import Session


def react(
    session: Session, app_id: str, message_id: str, emoji: str, user_id: str, now: Moment
) -> bool:
    """Add a user's reaction; False if it was there already. A refusal leaves nothing behind.

    Raise NotFound without such a message, NotAllowed if the user may only read here,
    InvalidRequest if they are not here, it is no emoji, or the message bears too many.
    """
    known = _known(emoji)
    message = held(session, app_id, message_id)
    _may_react(session, (app_id, message.conversation_id, user_id))
    there = reactions.of_message(session, app_id, message_id)
    if known not in there and len(there) >= MOST_EMOJI:
        raise InvalidRequest(
            f"The message bears {MOST_EMOJI} different emoji already.", code="TOO_MANY_REACTIONS"
        )
    one = Reaction(
        app_id=app_id, message_id=message_id, emoji=known, user_id=user_id, created_at=now
    )
    if not reactions.add(session, one):
        return False
    tell_changed(session, message, What(ChangeKind.REACTION_ADDED, message_id, user_id), now)
    return True


def unreact(
    session: Session, app_id: str, message_id: str, emoji: str, user_id: str, now: Moment
) -> bool:
    """Take a user's reaction back; False if there was none. Also of one who has left."""
    known = _known(emoji)
    message = held(session, app_id, message_id)
    if not reactions.drop(session, app_id, message_id, known, user_id):
        return False
    tell_changed(session, message, What(ChangeKind.REACTION_REMOVED, message_id, user_id), now)
    return True


def reacted(
    session: Session, named: Correspondent, in_reply_to: str, emoji: str, now: Moment
) -> bool:
    """Add the reaction of a mail, or return False if there is nothing it can stand on.

    What it reacts to is the mail we sent this person of this conversation, so the newest message
    of that mail's.
    """
    whose = (named.app_id, named.conversation_id, named.user_id)
    message_id = reactions.meant_by(session, whose, f"<{in_reply_to.strip().strip('<>')}>")
    if message_id is None:
        return False
    try:
        react(session, named.app_id, message_id, emoji, named.user_id, now)
    except InvalidRequest:
        return False
    return True


def _known(emoji: str) -> str:
    known = one_emoji(emoji)
    if known is None:
        raise InvalidRequest(
            "emoji: must be one emoji, or the name of a custom one in colons, "
            f"of at most {LONGEST} characters with them"
        )
    return known


def _may_react(session: Session, whose: tuple[str, str, str]) -> None:
    """Refuse who is not here or may only read, as ``say`` does."""
    try:
        access = converse.participant(session, whose).access
    except NotFound:
        access = Access.NONE
    if access is Access.NONE:
        raise InvalidRequest(
            f"The user {whose[2]!r} is not a participant of the conversation.",
            code="NOT_A_PARTICIPANT",
        )
    if access is not Access.READ_WRITE:
        raise NotAllowed(f"The user {whose[2]!r} may only read.", code="NO_WRITE_ACCESS")
