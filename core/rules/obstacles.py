"""What stands between a person and the next mail, and what would have to change?

All of it, not only what would be found first: whoever lifts one wants to know of the others. It
says how things are now; why a message of before was not told stands with its decision.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from core.model.opt_out import EVERYTHING, OptOut
from core.model.participant import Access, Notify, Participant
from core.model.role import DEFAULT_ROLE, Role
from core.model.suppression import Suppression
from core.model.user import User
from core.moment import Moment, in_words
from core.rules.look_again import Why
from core.rules.muting import EVER
from core.rules.suppression_words import change


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why no mail would be sent now, and what would have to change."""

    why: Why
    change: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands: user, role, opt-outs, and which of their addresses are suppressed.

    ``opted_out``: of what they are, ``opt_outs``: how each came about.
    """

    user: User | None
    role: Role | None
    opted_out: Collection[str]
    suppressed: Sequence[Suppression]
    opt_outs: Sequence[OptOut] = ()


def obstacles(standing: Standing, participant: Participant | None, now: Moment) -> list[Obstacle]:
    """Return what would keep a mail from somebody now; of no conversation if there is none."""
    here = _of_conversation(participant, standing.opted_out, now) if participant else ()
    return [*here, *_of_person(standing)]


def _of_conversation(
    one: Participant, opted_out: Collection[str], now: Moment
) -> Iterator[Obstacle]:
    if one.left_at is not None:
        yield Obstacle(Why.NO_ACCESS, "They must be put into the conversation again.")
    elif one.access is Access.NONE:
        yield Obstacle(Why.NO_ACCESS, 'Their access must be "Read" or "ReadWrite".')
    if one.notify is Notify.NOTHING:
        yield Obstacle(Why.NOTIFY_OFF, 'Their notify must be true, or "MentionsOnly".')
    if one.notify is Notify.MENTIONS_ONLY:
        yield Obstacle(Why.NOT_MENTIONED, "They must be mentioned, or their notify must be true.")
    if one.muted_until is not None and one.muted_until > now:
        ever = one.muted_until >= EVER
        until = "they unmute it themselves" if ever else in_words(one.muted_until)
        yield Obstacle(Why.MUTED, f"It is muted until {until}.")
    if one.conversation_id in opted_out and EVERYTHING not in opted_out:
        yield Obstacle(
            Why.OPTED_OUT,
            "They must want mails of this conversation again: any mail of it links to that.",
        )


def _of_person(standing: Standing) -> Iterator[Obstacle]:
    user, role = standing.user, standing.role
    if EVERYTHING in standing.opted_out:
        yield Obstacle(
            Why.OPTED_OUT, "They must want mails of this app again: any mail of it links to that."
        )
    if role is None:
        name = (user.role if user else None) or DEFAULT_ROLE
        yield Obstacle(
            Why.ROLE_UNKNOWN, f"There must be a role {name!r}, or they must have another."
        )
    elif not role.email_enabled:
        yield Obstacle(Why.CHANNEL_OFF, f"emailEnabled of the role {role.name!r} must be true.")
    addresses = (user.email if user else None) or []
    if not addresses:
        yield Obstacle(Why.NO_ADDRESS, "They must have an email address.")
    elif len(standing.suppressed) >= len(set(addresses)):
        yield Obstacle(Why.SUPPRESSED, _lifted(standing.suppressed))


def _lifted(suppressed: Sequence[Suppression]) -> str:
    """Return what would have to become of one of these suppressions."""
    ways = " ".join(change(one) for one in suppressed)
    one = "The suppression" if len(suppressed) == 1 else "One suppression"
    return f"{one} must end, or they must have another address. {ways}"
