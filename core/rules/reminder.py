"""The app asks that somebody be reminded of what they have not answered. Is a mail made, and why?

The same decision as when a burst comes due (``look_again``): who may not read, wants no mails, has
opted out or looks at the conversation gets none, and an address that is suppressed neither. What
differs: nobody waits for the conversation to pause, for the app has chosen the moment; and what
was read counts, since it is asked what was answered.

Caps and backing off hold for it too: whoever has had enough mails is not sent one more.

The trap is "later". A reminder that waited would be one the app did not ask for by then: it is not
made, and says so. The app may ask again.
"""

from dataclasses import replace

from core.model.burst import Burst
from core.moment import Moment
from core.rules.look_again import Later, NotSent, Send, Why, look_again

_LONG_AGO: Moment = 0  # whoever has waited since then waits no longer


def remind(unanswered: Burst, now: Moment) -> Send | NotSent:
    """Decide on a reminder of what somebody has not answered, read or not."""
    decision = look_again(unanswered, _LONG_AGO, now)
    match decision:
        case Later():
            return NotSent(Why.NOT_NOW)
        case NotSent(Why.NOTHING_LEFT):
            return NotSent(Why.NOTHING_UNANSWERED)
        case NotSent():
            return decision
        case Send():
            return replace(decision, why=Why.REMINDED)
