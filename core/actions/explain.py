"""Why did or did not this person get a mail? All that was decided of a user in a conversation.

What was decided has a row. What owed them nothing when it was said has none, and is told from how
they stood then (``undecided``): both come in one list. The short answer is about the newest.
"""

from collections.abc import Sequence
from typing import Any

from core.actions import converse, undecided
from core.actions.short_answer import end_of, newest
from core.actions.suppression_shape import suppression_shape
from core.model.delivery import Attempt, Delivery, State
from core.model.message import Message
from core.model.notification import Notification
from core.model.participant import Participant
from core.model.pending import Pending
from core.model.shapes import participant_shape
from core.moment import Moment
from core.rules import waiting
from core.rules.look_again import Why
from core.rules.mail_timeline import mail_timeline
from core.rules.obstacles import Obstacle, Standing, obstacles
from core.rules.postponement import postponed_markdown, why_it_waits
from core.rules.reasons import SENTENCES
from core.rules.unowed import holds_still, unowed
from core.store import apps, deliveries, notifications, opt_outs, participants, pending, users
from core.store.database import Session

Json = dict[str, Any]

_ASKED = "The app asked to remind them."
_NOTHING_MISSED = "Nothing has been missed here: no message has ever owed this person a mail."


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
        *waiting.markdown(),
        *postponed_markdown(),
        "",
        "What owed somebody nothing when it was said is told from how they stood then, also after",
        "they changed their mind:",
        "",
        "| reason | in words |",
        "| --- | --- |",
        *(f"| `{why}` | {sentence} |" for why, sentence in undecided.WORDS.items()),
    ]
    return "\n".join(parts) + "\n"


def explain(session: Session, whose: tuple[str, str, str], now: Moment) -> Json:
    """Return everything that was decided about (app, conversation, user), and the short answer."""
    participant = _participant(session, whose)
    debt = pending.find(session, *whose)
    decided = notifications.of_recipient(session, *whose, undecided.MOST_DECISIONS)
    missed = undecided.runs(session, participant, decided, debt)
    rows = [(one.last_seq, shape) for one, shape in _decisions(session, decided)]
    rows += [
        (one.messages[0].seq, shape)
        for one, shape in zip(missed, undecided.shapes(missed), strict=True)
    ]
    rows.sort(key=lambda row: (row[0], row[1]["decidedAt"]), reverse=True)
    told = [shape for _, shape in rows]
    standing = standing_of(session, whose[0], whose[2], now)
    hindered = obstacles(standing, participant, now)
    return {
        "sentence": _undecided(debt, now) or newest(told) or _silence(hindered),
        **participant_shape(participant.access, participant.notify),
        **person_shape(whose[2], standing, now),
        "conversation": whose[1],
        "mutedUntil": participant.muted_until,
        "toChange": obstacle_shapes(hindered),
        "pending": _pending(debt),
        "notifications": told,
    }


def explain_message(
    session: Session, whose: tuple[str, str, str], message: Message, now: Moment
) -> Json:
    """Return the same with what was decided of one message in the place of all that was."""
    told = explain(session, whose, now)
    debt, gone = pending.find(session, *whose), message.deleted_at
    decided = [
        one
        for one in notifications.about(session, whose, message.seq)
        if gone is None or gone > one.decided_at
    ]
    told |= {"message": message.id, "saidAt": message.created_at, "notifications": []}
    told["pending"] = None
    if message.sender_id != whose[2] and decided:
        told["notifications"] = [shape for _, shape in _decisions(session, decided)]
        return told | {"sentence": newest(told["notifications"])}
    owed = debt is not None and message.seq >= debt.first_seq and gone is None
    if owed and message.sender_id != whose[2]:
        return told | {"sentence": _undecided(debt, now), "pending": _pending(debt)}
    participant = _participant(session, whose)
    history = undecided.history_of(session, participant, message.seq)
    why = unowed(message, history)
    run = undecided.MissedMessages(why, holds_still(why, message, history), (message,))
    told["notifications"] = undecided.shapes([run])
    return told | {"sentence": newest(told["notifications"])}


def explain_mail(
    session: Session, whose: tuple[str, str, str], mail: Delivery, now: Moment
) -> Json:
    """Return the same with one mail and the decision it is of in the place of all that was."""
    told = explain(session, whose, now)
    shape = delivery_shape(mail, deliveries.attempts(session, mail.app_id, [mail.id]))
    one = notifications.find(session, mail.app_id, mail.notification_id)
    told |= {"mail": shape, "pending": None, "notifications": []}
    if one is None:  # the question about a held reply belongs to no decision
        why = shape["explanation"] or "It asked about a reply that is held."
        return told | {"sentence": f"{why} {end_of(shape)}"}
    told["notifications"] = [decision for _, decision in _decisions(session, [one])]
    return told | {"sentence": newest(told["notifications"])}


def why_decided(one: Notification) -> str:
    """Return why a mail was made or not; of a reminder that was not made, that it was asked for."""
    sentence = SENTENCES[Why(one.reason)]
    asked = one.reminder is not None and not one.sent
    return f"{_ASKED} {sentence}" if asked else sentence


def standing_of(session: Session, app_id: str, user_id: str, now: Moment) -> Standing:
    """Return how a person stands: what must be known of them beside the conversation."""
    user = users.find(session, app_id, user_id)
    role = apps.role(session, app_id, user.role if user else None)
    outs = opt_outs.of_user(session, app_id, user_id)
    scopes = frozenset(one.conversation_id for one in outs)
    addresses = (user.email if user else None) or []
    suppressed = opt_outs.suppressions(session, app_id, addresses, now)
    return Standing(user, role, scopes, suppressed, outs)


def person_shape(user_id: str, standing: Standing, now: Moment) -> Json:
    """Return what is told of a person, whatever the conversation."""
    user, role = standing.user, standing.role
    return {
        "user": user_id,
        "addresses": (user.email if user else None) or [],
        "role": {
            "name": role.name if role else (user.role if user else None),
            "exists": role is not None,
            "emailEnabled": role.email_enabled if role else False,
            "timeoutSeconds": role.timeout_seconds if role else None,
        },
        "optedOut": sorted(standing.opted_out),
        "optOuts": [
            {"of": one.conversation_id, "via": one.via, "madeAt": one.made_at}
            for one in standing.opt_outs
        ],
        "suppressions": [suppression_shape(one, now) for one in standing.suppressed],
    }


def obstacle_shapes(found: Sequence[Obstacle]) -> list[Json]:
    """Return what would have to change for a mail to come."""
    return [{"reason": one.why.value, "sentence": one.change} for one in found]


def _participant(session: Session, whose: tuple[str, str, str]) -> Participant:
    """Return who is asked about, also if they have left."""
    found = participants.find(session, *whose)
    return found if found is not None else converse.participant(session, whose)


def _silence(hindered: Sequence[Obstacle]) -> str:
    """Return the short answer where nothing was missed: what stands in the way, if anything."""
    here = (Why.NO_ACCESS, Why.NOTIFY_OFF)
    found = next((one.why for one in hindered if one.why in here), None)
    return _NOTHING_MISSED if found is None else SENTENCES[found]


def _undecided(debt: Pending | None, now: Moment) -> str | None:
    """Return the short answer while a mail is owed."""
    if debt is None:
        return None
    claimed = debt.claimed_by is not None
    return waiting.told(debt.waits_for, debt.due_at, now, claimed=claimed)


def _pending(debt: Pending | None) -> Json | None:
    if debt is None:
        return None
    return {
        "dueAt": debt.due_at,
        "firstMissedAt": debt.first_missed_at,
        "waitsFor": debt.waits_for or waiting.Wait.PAUSE.value,
        "claimed": bool(debt.claimed_by),
    }


def _decisions(
    session: Session, decided: Sequence[Notification]
) -> list[tuple[Notification, Json]]:
    """Return decisions with how they are shown, each with its mails."""
    if not decided:
        return []
    app_id = decided[0].app_id
    sent = deliveries.of_notifications(session, app_id, [one.id for one in decided])
    tries = deliveries.attempts(session, app_id, [one.id for one in sent])
    return [(one, _notification(one, sent, tries)) for one in decided]


def _notification(one: Notification, sent: list[Delivery], tries: list[Attempt]) -> Json:
    return {
        "id": one.id,
        "sent": one.sent,
        "reason": one.reason,
        "explanation": why_decided(one),
        "reminder": one.reminder is not None,
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
        "timeline": [
            {"at": step.at, "what": step.what, "said": step.said}
            for step in mail_timeline(delivery, [t for t in tries if t.delivery_id == delivery.id])
        ],
        "attempts": [
            {
                "number": one.number,
                "relay": one.relay or None,
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
        return why_it_waits(delivery.reason, ended=delivery.state is State.EXPIRED)
    if delivery.state is not State.CANCELLED or delivery.reason is None:
        return None
    return SENTENCES[Why(delivery.reason)]
