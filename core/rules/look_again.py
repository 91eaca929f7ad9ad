"""A burst has come due. Now, later, or not at all, and why?

The order of the questions is the order of the reasons an operator reads: first whether it is the
moment (what they want then counts, and not what they wanted while people still talked), then
whether anything is left to tell, then whether this person may and wants to be told, then whether
they see it, then where to, and at last whether they sleep, or have had enough mails: that is put
off, and looked at anew.
"""

from dataclasses import dataclass
from enum import StrEnum

from core.email_address import comparable, one_spelling_each
from core.model.burst import Burst
from core.model.opt_out import EVERYTHING
from core.model.participant import Access, Notify
from core.model.role import Role
from core.moment import Moment
from core.rules.attention import Away, Looking, Unsure, attention
from core.rules.audience import owes_nobody
from core.rules.local_time import zone
from core.rules.patience import Patience, due_after_typing, due_at
from core.rules.quiet_hours import hours_of, quiet_until
from core.rules.restraint import LOOK_AT_BACK_OFF, backs_off_until, room_at
from core.rules.waiting import HeldBack, Wait


class Why(StrEnum):
    """The stable reason codes of notifications."""

    MISSED = "missed"
    MENTIONED = "mentioned"
    CRITICAL = "critical"
    REMINDED = "reminded"
    NOTHING_LEFT = "nothing_left"
    NOTHING_UNANSWERED = "nothing_unanswered"
    NOT_NOW = "not_now"
    NO_ACCESS = "no_access"
    NOTIFY_OFF = "notify_off"
    MUTED = "muted"
    NOT_MENTIONED = "not_mentioned"
    LOOKING = "looking"
    OPTED_OUT = "opted_out"
    ROLE_UNKNOWN = "role_unknown"
    CHANNEL_OFF = "channel_off"
    NO_ADDRESS = "no_address"
    ADDRESS_CHANGED = "address_changed"
    SUPPRESSED = "suppressed"
    MAIL_GONE = "mail_gone"
    WORKER_CRASHED = "worker_crashed"


@dataclass(frozen=True, slots=True)
class Later:
    """Not yet: look again at this moment.

    ``since``: when the wait began, as far as this clock can tell.
    """

    due_at: Moment
    since: Moment
    wait: Wait = Wait.PAUSE


@dataclass(frozen=True, slots=True)
class NotSent:
    """No mail. ``app_may_tell``: the user is told nothing, but the app may tell them."""

    why: Why
    app_may_tell: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """One digest to each address."""

    why: Why
    addresses: tuple[str, ...]


Decision = Later | NotSent | Send


def look_again(burst: Burst, first_missed_at: Moment, now: Moment) -> Decision:
    """Decide on a burst whose timer has fired: on nothing before the conversation has paused."""
    role = burst.role or Role(app_id="", name="")  # of one that is not there: as a new one has it
    patience = Patience.of_seconds(role.timeout_seconds, role.max_wait_seconds)
    since = min(first_missed_at, now)  # the clock may have been set back meanwhile
    due = _due(burst, since, patience, now)
    if due > now:
        return Later(due, since)
    refusal = _nothing_to_tell(burst) or _not_theirs(burst, now)
    if refusal is not None:
        return NotSent(refusal)
    match attention(burst.sessions, burst.conversation.id, _said_at(burst, since, now), now):
        case Looking():
            return NotSent(Why.LOOKING)
        case Unsure(until):
            return Later(until, since, Wait.A_PAGE)
        case Away():
            return _where_and_when(burst, since, now)


def _where_and_when(burst: Burst, since: Moment, now: Moment) -> Decision:
    """Decide on a burst that somebody wants to be told of: where to, and whether now."""
    where_to = _where_to(burst)
    if not isinstance(where_to, Send) or burst.role is None:
        return where_to
    held_back = _held_back(burst, burst.role, now)
    if held_back is None:
        return where_to
    if passes(burst):
        return Send(Why.CRITICAL, where_to.addresses)
    return Later(held_back.until, since, held_back.wait)


def _held_back(burst: Burst, role: Role, now: Moment) -> HeldBack | None:
    """Return until when a mail waits for its reader's sake, and why; None: it need not."""
    if (quiet := _night_until(burst, now)) is not None:
        return HeldBack(quiet, Wait.QUIET_HOURS)
    if (until := backs_off_until(role, burst.before.unseen, now)) is not None:
        return HeldBack(min(until, now + LOOK_AT_BACK_OFF), Wait.BACK_OFF)
    if (room := room_at(role, burst.before.for_person, now)) is not None:
        return HeldBack(room, Wait.CAP)
    return None


def passes(burst: Burst) -> bool:
    """Tell whether something is so critical that it passes all that holds mails back."""
    return burst.role is not None and burst.role.critical_bypass and burst.critical


def quiet_now(burst: Burst, now: Moment) -> Moment | None:
    """Return when the quiet hours end that a burst must wait for; None if it need not."""
    return None if passes(burst) else _night_until(burst, now)


def _night_until(burst: Burst, now: Moment) -> Moment | None:
    """Return when the reader's quiet hours end, by their clock; None if these are none."""
    own = burst.preference.quiet_hours if burst.preference else None
    hours = hours_of(own, burst.role.quiet_hours if burst.role else None)
    if hours is None:
        return None
    return quiet_until(hours, now, zone(burst.user.time_zone, burst.app.time_zone))


def still_owed(burst: Burst, address: str, now: Moment) -> Why | None:
    """Return why a delivery that is about to leave must not, or None: the last look."""
    refusal = _nothing_to_tell(burst) or _not_theirs(burst, now)
    if refusal is not None:
        return refusal
    if burst.role is not None and not burst.role.email_enabled:
        return Why.CHANNEL_OFF
    if isinstance(
        attention(burst.sessions, burst.conversation.id, _said_at(burst, now, now), now), Looking
    ):
        return Why.LOOKING
    return bad_address(burst, address)


def bad_address(burst: Burst, address: str) -> Why | None:
    """Return why nothing may go to an address any more: it is no longer theirs, or suppressed."""
    mailbox = comparable(address)
    if mailbox not in map(comparable, burst.user.email or ()):
        return Why.NO_ADDRESS
    return Why.SUPPRESSED if mailbox in burst.suppressed else None


def _nothing_to_tell(burst: Burst) -> Why | None:
    """Return why there is nothing to tell: what remains owes nobody a mail."""
    owing = any(not owes_nobody(one.type, one.origin) for one in burst.messages)
    later = burst.rest is not None and burst.rest.owes
    return None if owing or later else Why.NOTHING_LEFT


def _not_theirs(burst: Burst, now: Moment) -> Why | None:
    """Return why this person is not to be told at all."""
    participant = burst.participant
    if participant.left_at is not None or participant.access is Access.NONE:
        return Why.NO_ACCESS
    if participant.notify is Notify.NOTHING:
        return Why.NOTIFY_OFF
    if participant.notify is Notify.MENTIONS_ONLY and not burst.mentioned:
        return Why.NOT_MENTIONED
    if participant.muted_until is not None and participant.muted_until > now:
        return Why.MUTED
    if burst.opted_out & {EVERYTHING, burst.conversation.id}:
        return Why.OPTED_OUT
    return None


def _where_to(burst: Burst) -> Send | NotSent:
    """Return the addresses to write to, or why there are none."""
    if burst.role is None:
        return NotSent(Why.ROLE_UNKNOWN, app_may_tell=True)
    if not burst.role.email_enabled:
        return NotSent(Why.CHANNEL_OFF, app_may_tell=True)
    if not burst.user.email:
        return NotSent(Why.NO_ADDRESS, app_may_tell=True)
    addresses = tuple(
        address
        for mailbox, address in one_spelling_each(burst.user.email).items()
        if mailbox not in burst.suppressed
    )
    if not addresses:
        return NotSent(Why.SUPPRESSED, app_may_tell=True)
    return Send(Why.MENTIONED if burst.mentioned else Why.MISSED, addresses)


def _due(burst: Burst, first_missed_at: Moment, patience: Patience, now: Moment) -> Moment:
    """Return when the conversation will have paused for long enough."""
    until = burst.typing_until
    if until is not None and until > now:
        return due_after_typing(first_missed_at, until, patience, now)
    return due_at(first_missed_at, _last_activity(burst, now), patience)


def _said_at(burst: Burst, since: Moment, now: Moment) -> Moment:
    """Return when the last message came; of one said by a clock that was ahead, since when it is.

    Else no session could ever have told of itself after it.
    """
    return burst.last_at if burst.last_at <= now else since


def _last_activity(burst: Burst, now: Moment) -> Moment:
    """Return when anyone last said or typed something here, never in the future."""
    conversation = burst.conversation
    typed = max(conversation.typed_at or 0, burst.typing_until or 0)
    return min(now, max(conversation.last_message_at or 0, typed))
