"""Note who is owed word in a crowd: some people in a transaction, between the work of others.

What a message owes to up to AT_ONCE people is noted in the message's own transaction (``say``).
Of more, that transaction leaves a fan-out behind, and a worker comes back to it until everybody
has been reached. So the message and the duty to note it are one thing, and whoever is killed in
the middle goes on after the last user that was reached.

The traps: somebody may have read the message, or been told of it with an earlier one, before
their turn comes: they are owed nothing more. Who joined after it was said never was. And all
that is said in a conversation is noted in order: an earlier message that came later would
have its reader told twice of what follows it.
"""

from collections.abc import Sequence

from core.actions.say import debt
from core.model.fan_out import AT_ONCE, FanOut, OwedMessage
from core.model.member import Member
from core.rules.audience import first_owed, owes_nobody
from core.store import conversations, fan_outs, messages, notifications, participants, pending
from core.store.database import Session
from core.store.engine.joined_lookup import write_all

_MESSAGES_AT_ONCE = 100


def fan_out(session: Session, app_id: str, conversation_id: str) -> bool:
    """Note it for the next AT_ONCE people; False when everybody has been reached.

    One transaction, under the conversation's row lock. Twice at once does no harm: the second
    goes on where the first ended.
    """
    said_so_far = conversations.lock_at(session, app_id, conversation_id)
    one = fan_outs.find(session, app_id, conversation_id)
    if said_so_far is None or one is None:
        return False
    said = [
        message
        for message in messages.between(session, one)
        if not owes_nobody(message.kind, message.origin)
    ]
    people: Sequence[Member] = ()
    if said:
        people = participants.after(session, (app_id, conversation_id), one.reached, AT_ONCE)
        _note(session, one, said, people)
    if len(people) == AT_ONCE:
        fan_outs.reach(session, one, people[-1].user_id)
        return True
    if one.last_seq >= said_so_far:
        fan_outs.end(session, one)
        return False
    last = min(said_so_far, one.last_seq + _MESSAGES_AT_ONCE)
    fan_outs.go_on(session, one, (one.last_seq + 1, last))
    return True


def _note(
    session: Session, one: FanOut, said: Sequence[OwedMessage], people: Sequence[Member]
) -> None:
    """Write a debt for each who is owed word of any of it."""
    if not people:
        return
    where = (one.app_id, one.conversation_id)
    last = people[-1].user_id
    told = notifications.decided_from(session, where, one.first_seq, (one.reached, last))
    owed = ((member, first_owed(member, said, told.get(member.user_id, 0))) for member in people)
    debts = [
        debt(where, member, message.seq, message.said_at)
        for member, message in owed
        if message is not None
    ]
    write_all(session, [pending.owing_at_least(session, each) for each in debts])
    if any(message.critical for message in said):
        write_all(session, [pending.owing_soon(session, each) for each in debts])
