"""Why did or did not this person get a mail? All that was decided of a user in a conversation."""

from typing import Any

from core.actions import converse
from core.model.delivery import Attempt, Delivery, State
from core.model.notification import Notification
from core.model.participant import Access, Notify, Participant
from core.model.pending import Pending
from core.model.shapes import participant_shape
from core.moment import SECOND, Moment
from core.rules.look_again import Why
from core.rules.postponement import in_words, postponed_markdown
from core.store import (
    apps,
    deliveries,
    fan_outs,
    messages,
    notifications,
    opt_outs,
    participants,
    pending,
    users,
)
from core.store.database import Session

Json = dict[str, Any]

SENTENCES = {
    Why.MISSED: "They had missed messages, so a mail was made.",
    Why.MENTIONED: "They were mentioned in messages they had missed, so a mail was made.",
    Why.NOTHING_LEFT: "By the time it was due, all of it had been read or deleted.",
    Why.NO_ACCESS: "They had left the conversation or may not read it.",
    Why.NOTIFY_OFF: "Notifications are off for them in this conversation.",
    Why.MUTED: "They had muted the conversation.",
    Why.NOT_MENTIONED: "They want mails only when mentioned, and were not.",
    Why.LOOKING: "They were looking at the conversation.",
    Why.OPTED_OUT: "They have opted out of these mails.",
    Why.ROLE_UNKNOWN: "Their role does not exist in this app.",
    Why.CHANNEL_OFF: "Email is switched off for their role.",
    Why.NO_ADDRESS: "They have no email address on record.",
    Why.ADDRESS_CHANGED: "That address was no longer theirs when the mail was to leave.",
    Why.MAIL_GONE: "The mail waited longer than its octets are kept.",
    Why.SUPPRESSED: "Their address is suppressed after bounces or complaints.",
    Why.WORKER_CRASHED: "Deciding on it crashed the worker again and again; it was set aside.",
}


def markdown() -> str:
    """Write the reasons as a page for operators."""
    parts = [
        "# Why somebody did or did not get a mail",
        "",
        "Generated from `core/actions/explain.py`; do not edit. Each decision is kept with its",
        "reason, and `rejoinder explain USER CONVERSATION` tells it in these words.",
        "",
        "| reason | in words |",
        "| --- | --- |",
        *(f"| `{why}` | {sentence} |" for why, sentence in SENTENCES.items()),
        *postponed_markdown(),
    ]
    return "\n".join(parts) + "\n"


def explain(session: Session, whose: tuple[str, str, str], now: Moment) -> Json:
    """Return everything that was decided about (app, conversation, user), and the short answer."""
    app_id, conversation_id, user_id = whose
    participant = _participant(session, whose)
    user = users.find(session, app_id, user_id)
    role = apps.role(session, app_id, user.role if user else None)
    debt = pending.find(session, *whose)
    decided = notifications.of_recipient(session, app_id, conversation_id, user_id)
    sent = deliveries.of_notifications(session, app_id, [one.id for one in decided])
    tries = deliveries.attempts(session, app_id, [one.id for one in sent])
    decisions = [_notification(one, sent, tries) for one in decided]
    return {
        "sentence": _answer(debt, decisions, now) or _silence(session, participant),
        **participant_shape(participant.access, participant.notify),
        "addresses": (user.email if user else None) or [],
        "role": {
            "name": role.name if role else (user.role if user else None),
            "exists": role is not None,
            "emailEnabled": role.email_enabled if role else False,
            "timeoutSeconds": role.timeout_seconds if role else None,
        },
        "optedOut": sorted(opt_outs.scopes(session, app_id, user_id)),
        "pending": _pending(debt),
        "notifications": decisions,
    }


def _participant(session: Session, whose: tuple[str, str, str]) -> Participant:
    """Return who is asked about, also if they have left."""
    found = participants.find(session, *whose)
    return found if found is not None else converse.participant(session, whose)


def _silence(session: Session, participant: Participant) -> str:
    """Return why nothing was ever decided: what was said owed them nothing, or owes no longer."""
    whose = (participant.app_id, participant.conversation_id, participant.user_id)
    last = messages.last_to(session, *whose)
    if participant.left_at is not None or participant.access is Access.NONE:
        return SENTENCES[Why.NO_ACCESS]
    if participant.notify is Notify.NOTHING:
        return SENTENCES[Why.NOTIFY_OFF]
    if last and participant.read_seq >= last:
        return "They had read all of it before a mail was due."
    under_way = fan_outs.find(session, participant.app_id, participant.conversation_id)
    if under_way is not None and participant.user_id > under_way.reached:
        return "Who is owed word here is being noted, some of many people at a time; soon them."
    if last and participant.notify is Notify.MENTIONS_ONLY:
        return SENTENCES[Why.NOT_MENTIONED]
    return "Nothing has been missed here: no message has ever owed this person a mail."


def _answer(debt: Pending | None, decisions: list[Json], now: Moment) -> str | None:
    """Return the short answer: what is under way, else what was decided last, if anything was."""
    if debt is not None:
        wait = max(0, debt.due_at - now) // SECOND
        return (
            f"A mail is owed and will be looked at in {wait} s, when the conversation has paused."
        )
    if not decisions:
        return None
    last = decisions[0]
    ends = ", ".join(f"{one['address']}: {one['state']}" for one in last["deliveries"])
    # One mail to several addresses is cancelled for one reason or for several: each is said once.
    whys = dict.fromkeys(one["explanation"] for one in last["deliveries"] if one["explanation"])
    return " ".join([f"{last['explanation']} {ends}{'.' if whys else ''}".strip(), *whys])


def _pending(debt: Pending | None) -> Json | None:
    if debt is None:
        return None
    return {
        "dueAt": debt.due_at,
        "firstMissedAt": debt.first_missed_at,
        "claimed": bool(debt.claimed_by),
    }


def _notification(one: Notification, sent: list[Delivery], tries: list[Attempt]) -> Json:
    return {
        "id": one.id,
        "sent": one.sent,
        "reason": one.reason,
        "explanation": SENTENCES[Why(one.reason)],
        "messages": one.messages,
        "decidedAt": one.decided_at,
        "deliveries": [delivery_shape(d, tries) for d in sent if d.notification_id == one.id],
    }


def delivery_shape(delivery: Delivery, tries: list[Attempt]) -> Json:
    """Return a delivery with its attempts; ``explanation`` says why it was cancelled or waits."""
    return {
        "id": delivery.id,
        "app": delivery.app_id,
        "channel": delivery.channel,
        "address": delivery.address,
        "state": delivery.state.value,
        "reason": delivery.reason,
        "explanation": _why_not_yet(delivery),
        "nextAttemptAt": delivery.next_attempt_at,
        "createdAt": delivery.created_at,
        "endedAt": delivery.ended_at,
        "attempts": [
            {
                "number": one.number,
                "outcome": one.outcome,
                "cause": one.cause,
                "code": one.code,
                "enhanced": one.enhanced,
                "text": one.text,
                "endedAt": one.ended_at,
            }
            for one in tries
            if one.delivery_id == delivery.id
        ],
    }


def _why_not_yet(delivery: Delivery) -> str | None:
    """Return why a delivery was cancelled at the last look, or waits for the relay to take ours."""
    if delivery.state in {State.QUEUED, State.EXPIRED}:
        return in_words(delivery.reason, ended=delivery.state is State.EXPIRED)
    if delivery.state is not State.CANCELLED or delivery.reason is None:
        return None
    return SENTENCES[Why(delivery.reason)]
