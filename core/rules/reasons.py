"""In which words is each decision told to whoever asks why there was a mail, or none?

An operator reads them in `explain`, and on the page of reasons that is made of them.
"""

from types import MappingProxyType

from core.rules.look_again import Why

SENTENCES = MappingProxyType(
    {
        Why.MISSED: "They had missed messages, so a mail was made.",
        Why.MENTIONED: "They were mentioned in messages they had missed, so a mail was made.",
        Why.CRITICAL: (
            "A message they had missed is critical, which their role lets pass quiet hours, caps "
            "and backing off, so a mail was made."
        ),
        Why.REMINDED: (
            "The app asked to remind them of what they had not answered, so a mail was made."
        ),
        Why.NOTHING_UNANSWERED: (
            "They had answered everything, so there was nothing to remind them of."
        ),
        Why.NOT_NOW: "It was not the moment for a mail to them, and a reminder does not wait.",
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
)
