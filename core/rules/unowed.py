"""Why was nobody told of a message that no decision is about?

A message owes nothing to who did not want it when it was said, and no row is written then: most
that is said in a crowd is missed by somebody. It is told later, from how they stood at that time
(``PastSettings``), so that it stays true when they change their mind.

The order of the questions is that of the answers: what was so when it was said, then what happened
to it since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.model.message import Message
from core.model.participant import Access, Notify, Participant
from core.model.past_settings import PastSettings, Stay
from core.rules.audience import owes_nobody

_AFTER_ALL = 1 << 62


class Unowed(StrEnum):
    """The stable reason codes of messages that no mail was ever owed for."""

    OWN_MESSAGE = "own_message"
    NOTIFIES_NOBODY = "notifies_nobody"
    NOT_YET_HERE = "not_yet_here"
    HAD_LEFT = "had_left"
    NO_ACCESS = "no_access"
    NOTIFY_OFF = "notify_off"
    NOT_MENTIONED = "not_mentioned"
    DELETED = "deleted"
    READ = "read"
    BEING_NOTED = "being_noted"
    NOT_RECORDED = "not_recorded"


@dataclass(frozen=True, slots=True)
class Stood:
    """How somebody stood when a message was said."""

    stay: Stay
    access: Access
    notify: Notify


@dataclass(frozen=True, slots=True)
class ParticipantHistory:
    """A participant, their past (oldest first), and what a fan-out that is under way has left.

    ``noted_from``: the first message that is still to be noted for them; None: all was noted.
    """

    now: Participant
    past: Sequence[PastSettings]
    noted_from: int | None = None

    def stood(self, seq: int) -> Stood:
        """Return how they stood when the message of this number was said."""
        for one in self.past:
            if seq <= one.until_seq:
                return Stood(one.stay, one.access, one.notify)
        stay = Stay.HERE if self.now.left_at is None else Stay.LEFT
        return Stood(stay, self.now.access, self.now.notify)


def unowed(message: Message, history: ParticipantHistory) -> Unowed:
    """Return why a message that no decision is about, and that is not owed now, was not told."""
    if message.sender_id == history.now.user_id:
        return Unowed.OWN_MESSAGE
    if owes_nobody(message.type, message.origin):
        return Unowed.NOTIFIES_NOBODY
    since = Unowed.DELETED if message.deleted_at is not None else None
    if since is None and history.noted_from is not None and message.seq >= history.noted_from:
        return Unowed.BEING_NOTED
    if (then := _unwanted(message, history, history.stood(message.seq))) is not None:
        return then
    if since is None and message.seq <= history.now.read_seq:
        since = Unowed.READ
    # Of a crowd it is noted a while later, by how each stands then.
    return since or _noted_later(message, history) or Unowed.NOT_RECORDED


def holds_still(why: Unowed, message: Message, history: ParticipantHistory) -> bool:
    """Tell whether somebody, as they stand now, would not want word of it for the same reason."""
    return _unwanted(message, history, history.stood(_AFTER_ALL)) is why


def _noted_later(message: Message, history: ParticipantHistory) -> Unowed | None:
    """Return why they were left out when it was noted: the first change since that says so."""
    later = [one.until_seq for one in history.past if one.until_seq > message.seq]
    for seq in (*later, (later[-1] if later else message.seq) + 1):
        if (why := _unwanted(message, history, history.stood(seq))) is not None:
            return why
    return None


def _unwanted(message: Message, history: ParticipantHistory, stood: Stood) -> Unowed | None:
    """Return why somebody who stood so did not want word of a message, None if they did."""
    if stood.stay is Stay.NOT_YET or message.created_at < _joined_at(history, stood):
        return Unowed.NOT_YET_HERE
    if stood.stay is Stay.LEFT:
        return Unowed.HAD_LEFT
    if stood.access is Access.NONE:
        return Unowed.NO_ACCESS
    if stood.notify is Notify.NOTHING:
        return Unowed.NOTIFY_OFF
    if stood.notify is Notify.MENTIONS_ONLY:
        mentioned = history.now.user_id in (message.mentions or ())
        return None if mentioned else Unowed.NOT_MENTIONED
    return None


def _joined_at(history: ParticipantHistory, stood: Stood) -> int:
    """Return since when they are here, of who never left: of others their past tells."""
    always = stood.stay is Stay.HERE and all(one.stay is Stay.HERE for one in history.past)
    return history.now.joined_at if always else 0
