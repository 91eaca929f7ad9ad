"""What somebody wants to be told of by mail: of one conversation, and of all of them.

What they choose themselves is an opt-out where they want nothing, which no call of the app takes
back; to be told only of mentions is the participant's own setting, as the app shows it, too.
"""

from dataclasses import dataclass
from enum import StrEnum

from core.actions import converse, opt_out
from core.model.opt_out import EVERYTHING
from core.model.participant import Notify, Participant
from core.moment import Moment
from core.store import opt_outs, users
from core.store.database import Session

VIA = "preferences"  # how an opt-out came about


class WantedMail(StrEnum):
    """Of which messages in a conversation somebody wants word."""

    EVERY = "every"
    MENTIONS = "mentions"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Choices:
    """What is chosen; None leaves it as it is. ``muted_until``: within a tuple, for None is one."""

    wanted: WantedMail | None = None
    muted_until: tuple[Moment | None] | None = None
    all_mail: bool | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """How it stands: ``muted_until`` None if it is not muted now.

    ``all_mail`` is off, too, where somebody complained at every address they have: at a mailbox
    that is shared it need not have been them, and asking for it again lifts that.
    """

    wanted: WantedMail
    muted_until: Moment | None
    all_mail: bool


def chosen(session: Session, whose: tuple[str, str, str], now: Moment) -> Chosen:
    """Return what (app, conversation, user) wants, or raise NotFound."""
    one = converse.participant(session, whose)
    scopes = opt_outs.scopes(session, one.app_id, one.user_id)
    muted = one.muted_until if one.muted_until is not None and one.muted_until > now else None
    off = EVERYTHING in scopes or _complained_everywhere(session, (one.app_id, one.user_id), now)
    return Chosen(_wanted(one, scopes), muted, not off)


def choose(session: Session, whose: tuple[str, str, str], new: Choices, now: Moment) -> None:
    """Keep what is chosen, or raise NotFound; what is as it was is not written.

    What is owed or queued is looked at again before it leaves.
    """
    who = (whose[0], whose[2])
    before = chosen(session, whose, now)
    if new.wanted not in {None, before.wanted}:
        _of_conversation(session, whose, new.wanted or before.wanted, now)
    if new.muted_until is not None and new.muted_until[0] != before.muted_until:
        converse.mute(session, whose, new.muted_until[0], now)
    if new.all_mail in {None, before.all_mail}:
        return
    if new.all_mail:
        opt_out.opt_in(session, who, EVERYTHING, now)
    else:
        opt_out.opt_out(session, who, EVERYTHING, VIA, now)


def _of_conversation(
    session: Session, whose: tuple[str, str, str], wanted: WantedMail, now: Moment
) -> None:
    app_id, conversation_id, user_id = whose
    if wanted is WantedMail.NONE:
        opt_out.opt_out(session, (app_id, user_id), conversation_id, VIA, now)
        return
    opt_out.opt_in(session, (app_id, user_id), conversation_id, now)
    notify = Notify.ALL if wanted is WantedMail.EVERY else Notify.MENTIONS_ONLY
    converse.change(session, whose, None, notify, now)


def _complained_everywhere(session: Session, who: tuple[str, str], now: Moment) -> bool:
    user = users.find(session, *who)
    addresses = (user.email if user else None) or ()
    complained = (opt_out.complaints(session, who[0], [one], now) for one in addresses)
    return bool(addresses) and all(complained)


def _wanted(one: Participant, scopes: frozenset[str]) -> WantedMail:
    if one.conversation_id in scopes or one.notify is Notify.NOTHING:
        return WantedMail.NONE
    return WantedMail.MENTIONS if one.notify is Notify.MENTIONS_ONLY else WantedMail.EVERY
