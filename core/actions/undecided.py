"""What of a conversation somebody missed without a decision: in rows like those of decisions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from core.model.message import Message
from core.model.notification import Notification
from core.model.participant import Participant
from core.model.pending import Pending
from core.rules.unowed import ParticipantHistory, Unowed, holds_still, unowed
from core.store import fan_outs, messages, settings_history
from core.store.database import Session

Json = dict[str, Any]

WORDS = {
    Unowed.OWN_MESSAGE: "It is their own message.",
    Unowed.NOTIFIES_NOBODY: "Messages of the system and imported ones notify nobody.",
    Unowed.NOT_YET_HERE: "They were not in the conversation yet when it was said.",
    Unowed.HAD_LEFT: "They had left the conversation when it was said.",
    Unowed.NO_ACCESS: "They were not allowed to read the conversation when it was said.",
    Unowed.NOTIFY_OFF: "Notifications were off for them in this conversation when it was said.",
    Unowed.NOT_MENTIONED: "They wanted mails only when mentioned, and were not.",
    Unowed.DELETED: "It was deleted before a mail was due.",
    Unowed.READ: "They had read all of it before a mail was due.",
    Unowed.BEING_NOTED: (
        "Who is owed word here is being noted, some of many people at a time; soon them."
    ),
    Unowed.NOT_RECORDED: "What was decided of it is kept no longer.",
}
_STILL = {
    Unowed.NO_ACCESS: "They may not read the conversation.",
    Unowed.NOTIFY_OFF: "Notifications are off for them in this conversation.",
    Unowed.NOT_MENTIONED: "They want mails only when mentioned, and were not.",
}
_NOT_MISSED = frozenset({Unowed.OWN_MESSAGE, Unowed.NOTIFIES_NOBODY})
MOST_DECISIONS = 50
_MOST_LOOKED_AT = 200
_MOST_CHANGES = 1_000
_ALL = 1 << 62


@dataclass(frozen=True, slots=True)
class MissedMessages:
    """Messages that follow each other, newest first, and were not told for one reason."""

    why: Unowed
    still: bool
    messages: tuple[Message, ...]


def in_words(why: Unowed, *, still: bool) -> str:
    """Return a reason in words; ``still``: they stand so today."""
    return _STILL.get(why, WORDS[why]) if still else WORDS[why]


def runs(
    session: Session, whose: Participant, decided: Sequence[Notification], debt: Pending | None
) -> list[MissedMessages]:
    """Return what somebody missed lately that neither a decision nor a debt is about."""
    key = (whose.app_id, whose.conversation_id, whose.user_id)
    oldest = decided[-1].first_seq if len(decided) >= MOST_DECISIONS else 0
    newest = messages.newest_to(session, key, None, _MOST_LOOKED_AT)
    said = [message for message in newest if message.seq >= oldest]
    if not said:
        return []
    history = history_of(session, whose, said[-1].seq)
    covered = [(one.first_seq, one.last_seq) for one in decided]
    owed_from = debt.first_seq if debt is not None else _ALL
    found: list[MissedMessages] = []
    goes_on = False
    for message in said:
        if message.seq >= owed_from or any(a <= message.seq <= b for a, b in covered):
            goes_on = False
            continue
        why = unowed(message, history)
        if why in _NOT_MISSED:
            continue
        still = holds_still(why, message, history)
        if goes_on and (found[-1].why, found[-1].still) == (why, still):
            found[-1] = MissedMessages(why, still, (*found[-1].messages, message))
        else:
            found.append(MissedMessages(why, still, (message,)))
        goes_on = True
    return found


def history_of(session: Session, whose: Participant, from_seq: int) -> ParticipantHistory:
    """Return how somebody stood from a message on, and what is still to be noted for them."""
    key = (whose.app_id, whose.conversation_id, whose.user_id)
    past = settings_history.of_participant(session, key, from_seq, _MOST_CHANGES)
    under_way = fan_outs.find(session, whose.app_id, whose.conversation_id)
    if under_way is None:
        return ParticipantHistory(whose, past)
    reached = whose.user_id <= under_way.reached
    return ParticipantHistory(
        whose, past, under_way.last_seq + 1 if reached else under_way.first_seq
    )


def shapes(several: Iterable[MissedMessages]) -> list[Json]:
    """Return them as decisions are shown; they have no id, for no row is theirs."""
    return [
        {
            "id": None,
            "sent": False,
            "reason": one.why.value,
            "explanation": in_words(one.why, still=one.still),
            "reminder": False,
            "messages": len(one.messages),
            "decidedAt": one.messages[0].created_at,
            "deliveries": [],
        }
        for one in several
    ]
