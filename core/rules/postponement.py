"""What is said of a mail that waits for the relay to take ours?

The relay's own words stand beside it, in the attempt.
"""

from types import MappingProxyType

from core.outcome import Cause
from core.rules.waiting import Wait

WAITS = MappingProxyType(
    {
        Cause.SENDER_QUOTA: "The relay holds it: what we may send in an hour or a day is used up.",
        Cause.SENDER_RATE: "The relay holds it: we send more at a time than it takes.",
        Cause.RELAY_REFUSES: "The relay holds it: by its policy it takes no mail from our account.",
        Cause.SENDER_REPUTATION: "It waits: our reputation, or what our DNS says, is not enough.",
        Cause.AUTHENTICATION: "The relay holds it: it does not take our login.",
        Cause.TLS: "The relay holds it: the line to it cannot be secured.",
    }
)
_GOES_ON = "This is nothing of its reader's; it leaves when the relay takes our mail again."
_ENDED = "That lasted as long as a mail is tried; nothing is held against its reader."


def postponed_markdown() -> list[str]:
    """Return the lines of the page for operators that say why a mail waits."""
    return [
        "",
        "A mail that was made may wait because of us. It is tried again by itself, one mail at a",
        "time, and expires with its lifetime; it never fails for it, and no reader is blamed.",
        "",
        "| cause | in words |",
        "| --- | --- |",
        *(f"| `{cause}` | {words} |" for cause, words in WAITS.items()),
    ]


def why_it_waits(reason: str | None, *, ended: bool) -> str | None:
    """Return why a mail waits for us to be taken again, or ended so; None for any other reason."""
    if reason == Wait.QUIET_HOURS.value and not ended:
        return "It waits until its reader's quiet hours are over."
    told = next((words for cause, words in WAITS.items() if cause.value == reason), None)
    return None if told is None else f"{told} {_ENDED if ended else _GOES_ON}"
