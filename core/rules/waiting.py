"""What does a burst wait for, and how is it said to whoever asks why there is no mail yet?"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from core.moment import SECOND, Millis, Moment, in_words

_SOON = 3_600 * SECOND
_ITS_TURN: Millis = 5 * SECOND  # what comes due is looked at by then, or it has to wait


class Wait(StrEnum):
    """The stable words for what a burst waits for."""

    PAUSE = "pause"
    A_PAGE = "a_page"
    BACKLOG = "backlog"
    QUIET_HOURS = "quiet_hours"
    BACK_OFF = "back_off"
    CAP = "cap"


@dataclass(frozen=True, slots=True)
class HeldBack:
    """What was to leave waits until a moment, for its reader's sake."""

    until: Moment
    wait: Wait


@dataclass(frozen=True, slots=True)
class Crowd:
    """When to look again at what would wait for a lane: at one that had a place, at a new one."""

    again: Moment
    behind: Moment


SENTENCES = MappingProxyType(
    {
        Wait.PAUSE: "when the conversation has paused",
        Wait.A_PAGE: "when a page of theirs that may have shown it has told of itself or ended",
        Wait.BACKLOG: "when those before it have left: a relay takes so many mails at a time",
        Wait.QUIET_HOURS: "when their quiet hours are over",
        Wait.BACK_OFF: "later and later, for they have not looked at the mails of before",
        Wait.CAP: "when they may be sent one again: their role allows so many an hour and a day",
    }
)


def markdown() -> list[str]:
    """Return the lines of the page for operators that say what a mail may wait for."""
    return [
        "",
        "While a mail is owed, `explain` tells what it waits for (`pending.waitsFor`):",
        "",
        "| wait | it is looked at again |",
        "| --- | --- |",
        *(f"| `{wait}` | {words} |" for wait, words in SENTENCES.items()),
    ]


def told(waits_for: str | None, due_at: Moment, now: Moment, *, claimed: bool) -> str:
    """Return what is owed and when it will be looked at: in seconds if soon, else the moment.

    While it is claimed ``due_at`` is the end of the lease; in a backlog it has long passed.
    """
    if claimed:
        return "A mail is owed and is being looked at now."
    if due_at + _ITS_TURN < now:
        since = in_words(due_at)
        return f"A mail is owed since {since}: others go before it, or the relay takes nothing now."
    wait = max(0, due_at - now)
    when = f"in {wait // SECOND} s" if wait < _SOON else f"at {in_words(due_at)}"
    return f"A mail is owed and will be looked at {when}, {SENTENCES[Wait(waits_for or 'pause')]}."
