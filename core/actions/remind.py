"""The app asks for a reminder of what was not answered (talkjs-spec, 2.6): decide, write it down.

One transaction under the conversation's row lock, as when a burst comes due (``decide``). Each who
is reminded has a decision row that says so, whatever was decided; where a mail is made, it stands
for the one that was owed, so that nobody gets both; also for one that was decided on and has not
left, unless somebody works on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from core.actions import settle
from core.actions.decide import record, with_mails_before
from core.actions.say import NO_CONVERSATION
from core.errors import InvalidRequest, NotFound
from core.model.notification import Notification
from core.model.participant import Participant
from core.moment import Moment
from core.rules.look_again import Why
from core.rules.reminder import remind as decide_on
from core.store import bursts, conversations, deliveries, messages, participants, pending
from core.store.database import Session
from core.store.read_markers import CROWD

NOT_A_PARTICIPANT = "NOT_A_PARTICIPANT"
MOST_REMINDED = 100
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Reminder:
    """What the app asks for. No ``recipients``: all who have not answered.

    ``texts`` are those of a role's (``subject``, ``header``, ``footer``, ``inbox_url``) that this
    mail has in their place.
    """

    recipients: tuple[str, ...] | None
    texts: dict[str, Any]


def remind(
    session: Session, where: tuple[str, str], reminder: Reminder, mail_domain: str, now: Moment
) -> list[Notification]:
    """Remind people of what they have not answered in (app, conversation).

    Return what was decided of each, in order. Raise NotFound without such a conversation,
    InvalidRequest if somebody named is not in it, or if nobody is and it is a crowd.
    """
    last_seq = conversations.lock_at(session, *where)
    if last_seq is None:
        raise NotFound(f"There is no conversation {where[1]!r}.", code=NO_CONVERSATION)
    if reminder.recipients is None:
        people = _who_owe_an_answer(session, where)
    else:
        people = _named(session, where, reminder.recipients)
    return [_remind(session, one, reminder, (mail_domain, last_seq), now) for one in people]


def unanswered_from(session: Session, one: Participant) -> int:
    """Return the number from which nothing is answered: after the last thing they said themselves.

    Who came later owes no answer to what was said before.
    """
    where = (one.app_id, one.conversation_id)
    said = messages.last_of(session, *where, one.user_id)
    return max(said, messages.seq_at(session, *where, one.joined_at - 1)) + 1


def _remind(
    session: Session, one: Participant, reminder: Reminder, known: tuple[str, int], now: Moment
) -> Notification:
    mail_domain, last_seq = known
    whose = (one.app_id, one.conversation_id, one.user_id)
    since = unanswered_from(session, one)
    burst = bursts.load(session, whose, (since, None), now, also_read=True)
    if burst is None:  # their row holds the conversation and the user in place
        raise LookupError(whose)
    decision = decide_on(with_mails_before(session, burst, now), now)
    made = record(session, (burst, decision), last_seq, mail_domain, now, reminder.texts)
    if made.sent:
        pending.clear(session, *whose)
        for digest in deliveries.digests_waiting(session, whose):
            settle.cancel(session, digest, Why.REMINDED, now)
    return made


def _who_owe_an_answer(session: Session, where: tuple[str, str]) -> list[Participant]:
    """Return who is here and has not answered what others said since they came."""
    here = participants.first_listed(session, *where, CROWD + 1)
    last = messages.last_by_sender(session, *where)
    owing = [one for one in here if _is_told(one, last) >= unanswered_from(session, one)]
    if len(here) > CROWD or len(owing) > MOST_REMINDED:
        raise InvalidRequest(
            f"recipients: name them, at most {MOST_REMINDED} in one request; there are too many "
            "here to remind all who have not answered."
        )
    return owing


def _is_told(one: Participant, last: dict[str, int]) -> int:
    """Return the number of the last message that owes somebody an answer; 0 if none does."""
    return max((seq for sender_id, seq in last.items() if sender_id != one.user_id), default=0)


def _named(session: Session, where: tuple[str, str], user_ids: Sequence[str]) -> list[Participant]:
    """Return participants by their ids, each once, also those who left; or say who is none."""
    found = {one: participants.find(session, *where, one) for one in dict.fromkeys(user_ids)}
    strangers = [user_id for user_id, one in found.items() if one is None]
    if strangers:
        here = [one.user_id for one in participants.first_listed(session, *where, CROWD)]
        reasons = [f"recipients: {_stranger(user_id, here)}" for user_id in strangers]
        raise InvalidRequest(*reasons, code=NOT_A_PARTICIPANT)
    return [one for one in found.values() if one is not None]


def _stranger(user_id: str, here: Sequence[str]) -> str:
    near = get_close_matches(user_id, here, n=1)
    meant = f"; did you mean {near[0]!r}?" if near else ""
    return f"{user_id[:_SHOWN]!r} is not a participant of the conversation{meant}"
